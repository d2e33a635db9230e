import { PlusOutlined } from "@ant-design/icons";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import type { Key } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { NewKeyDialog } from "../key/NewKeyDialog";

interface Props {
  keys: Key[];
  chosen: Key | undefined;
  /** Whether the whole key is known, so that the code is ready to run. */
  complete: boolean;
  typed: string;
  onType: (text: string) => void;
  onChoose: (id: number) => void;
}

/** Which write key goes into the code. Only its beginning is known after it was made, so the rest may be pasted. */
export function KeyPick({ keys, chosen, complete, typed, onType, onChoose }: Props) {
  const t = useT("install");
  const mayManage = useMay("owner");
  const [making, setMaking] = useState(false);
  return (
    <div className="stack-s">
      <div className="install-key">
        {keys.length > 0 && (
          <Select
            style={{ minWidth: 220 }}
            aria-label={t("step.key")}
            value={chosen?.id}
            onChange={onChoose}
            options={keys.map((k) => ({ value: k.id, label: `${k.name} · ${k.prefix}…` }))}
          />
        )}
        {mayManage && (
          <Button icon={<PlusOutlined aria-hidden />} onClick={() => setMaking(true)}>
            {t("new_key")}
          </Button>
        )}
      </div>
      {(!complete || typed !== "") && chosen !== undefined && (
        <Input
          value={typed}
          onChange={(e) => onType(e.target.value)}
          placeholder={t("paste", { prefix: chosen.prefix })}
          aria-label={t("paste", { prefix: chosen.prefix })}
          autoComplete="off"
          spellCheck={false}
          status={typed !== "" && !typed.trim().startsWith(chosen.prefix) ? "warning" : undefined}
        />
      )}
      <span className="muted">{t(chosen === undefined ? "no_key" : complete ? "ready" : "hashed")}</span>
      {making && <NewKeyDialog kind="write" onClose={() => setMaking(false)} />}
    </div>
  );
}
