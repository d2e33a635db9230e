import { CopyOutlined, MoreOutlined } from "@ant-design/icons";
import { App, Button, Dropdown } from "antd";
import type { Identity } from "../../api/types";
import { useT } from "../../app/i18n";
import { Ago } from "../../ui/Ago";
import { copyText } from "../../ui/CopyText";
import { useFmt } from "../../ui/format";
import { Pill } from "../../ui/Pill";
import { useKindTitle } from "../kind/kinds";

/** One identity: kind, value, strength, how much came with it, and what can be done with it. */
export function IdentityRow({ identity: i, onSplit, onQuarantine }: { identity: Identity; onSplit?: () => void; onQuarantine?: () => void }) {
  const t = useT("person");
  const fmt = useFmt();
  const kind = useKindTitle();
  const { message } = App.useApp();
  const off = i.state === "quarantined";
  const items = [
    ...(onSplit ? [{ key: "split", label: t("identity.split_off"), onClick: onSplit }] : []),
    ...(onQuarantine ? [{ key: "quarantine", label: t(off ? "identity.release" : "identity.quarantine"), onClick: onQuarantine }] : []),
  ];
  return (
    <li className={`identity ${off ? "off" : ""}`}>
      <span className="identity-what">
        <span className="identity-kind">{kind(i.kind)}</span>
        <span className="identity-full">
          {i.value}
          {i.scope !== "" && <span className="muted"> · {i.scope}</span>}
        </span>
      </span>
      <span className="identity-marks">
        {off && (
          <Pill tone="act" help={t("identity.quarantined_help")}>
            {t("identity.quarantined")}
          </Pill>
        )}
        <Pill tone={i.strength === "strong" ? "teal" : "quiet"} help={t(`identity.${i.strength}_help`)}>
          {t(`identity.${i.strength}`)}
        </Pill>
      </span>
      <span className="identity-when muted">
        {t("identity.events")} {fmt.int(i.events)} · {t("identity.last")} <Ago at={i.last_seen} />
      </span>
      <span className="identity-acts">
        <Button type="text" size="small" icon={<CopyOutlined aria-hidden />} aria-label={t("identity.copy")} onClick={() => void copyText(i.value).then(() => message.success(t("ui:copied")))} />
        {items.length > 0 && (
          <Dropdown trigger={["click"]} menu={{ items }}>
            <Button type="text" size="small" icon={<MoreOutlined aria-hidden />} aria-label={t("identity.more")} />
          </Dropdown>
        )}
      </span>
    </li>
  );
}
