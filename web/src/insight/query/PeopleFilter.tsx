import { TeamOutlined } from "@ant-design/icons";
import { Button, Drawer } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, call } from "../../api/client";
import { useT } from "../../app/i18n";
import { CountPanel } from "../../pool/rule/CountPanel";
import { useRuleDraft } from "../../pool/rule/draft";
import { RuleEditor } from "../../pool/rule/RuleEditor";
import { useTwo } from "../../pool/rule/two";

export interface PeopleFilterProps {
  /** The rule's text; undefined: everyone. */
  value: string | undefined;
  onChange: (rule: string | undefined) => void;
}

/** About whom: everyone, or the people for whom a rule holds now. */
export function PeopleFilter({ value, onChange }: PeopleFilterProps) {
  const t = useT("query");
  const two = useTwo();
  const [open, setOpen] = useState(false);
  const checked = useQuery({
    queryKey: ["rules", "check", value],
    queryFn: ({ signal }) => call(api.POST("/rules/check", { body: { text: value }, signal })),
    enabled: value !== undefined,
    staleTime: 60_000,
  });
  const said = value === undefined ? t("people.everyone") : checked.data?.ok ? two(checked.data.sentence) : value;
  return (
    <>
      <Button className="people-filter" icon={<TeamOutlined aria-hidden />} onClick={() => setOpen(true)} aria-label={t("people.label", { said })} title={said}>
        <span>{said}</span>
      </Button>
      {open && (
        <Editor
          value={value}
          onClose={() => setOpen(false)}
          onApply={(rule) => {
            setOpen(false);
            onChange(rule);
          }}
        />
      )}
    </>
  );
}

function Editor({ value, onClose, onApply }: { value: string | undefined; onClose: () => void; onApply: (rule: string | undefined) => void }) {
  const t = useT("query");
  const draft = useRuleDraft({ text: value });
  return (
    <Drawer
      open
      onClose={onClose}
      size={720}
      title={t("people.title")}
      footer={
        <div className="dialog-foot">
          {value !== undefined && <Button onClick={() => onApply(undefined)}>{t("people.clear")}</Button>}
          <span className="grow" />
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="primary" disabled={draft.state !== "ready"} onClick={() => onApply(draft.text.trim() === "true" ? undefined : draft.text)}>
            {t("people.apply")}
          </Button>
        </div>
      }
    >
      <p className="muted">{t("people.note")}</p>
      <div className="stack people-editor">
        <RuleEditor draft={draft} />
        <CountPanel draft={draft} />
      </div>
    </Drawer>
  );
}
