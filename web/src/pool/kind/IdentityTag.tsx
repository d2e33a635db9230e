import { Tooltip } from "antd";
import type { IdentityRef } from "../../api/types";
import { useKindTitle } from "./kinds";
import "./kind.css";

/** An identity within a sentence or a list: its kind, then its value. */
export function IdentityTag({ identity, off = false }: { identity: IdentityRef; off?: boolean }) {
  const title = useKindTitle();
  return (
    <Tooltip title={identity.scope === "" ? undefined : identity.scope}>
      <span className={`identity-tag ${off ? "off" : ""}`}>
        <span className="identity-kind">{title(identity.kind)}</span>
        <span className="identity-value">{identity.value}</span>
      </span>
    </Tooltip>
  );
}
