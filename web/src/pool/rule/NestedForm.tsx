import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useT } from "../../app/i18n";
import type { Group } from "./form";
import { FormRoot } from "./RuleForm";
import { useScope } from "./scope";

/** The filter over the events of a condition: conditions on their properties. */
export function NestedForm({ event, value, onChange, onRemove }: { event: string; value: Group; onChange: (g: Group) => void; onRemove: () => void }) {
  const t = useT("rule");
  const { words, disabled } = useScope();
  return (
    <div className="rule-nested">
      <FormRoot value={value} onChange={onChange} event={event} words={words} disabled={disabled} />
      {!disabled && <Button type="text" size="small" icon={<CloseOutlined aria-hidden />} aria-label={t("where.remove")} title={t("where.remove")} onClick={onRemove} />}
    </div>
  );
}
