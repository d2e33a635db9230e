import { Input, InputNumber, Select } from "antd";
import { useState } from "react";
import type { Params, TemplateParam } from "../../api/rules";
import { useT } from "../../app/i18n";
import { usePool } from "../../app/session";
import { WindowPick } from "../rule/pick";
import { useVocabulary } from "../rule/schema";
import { useTwo } from "../rule/two";
import { readNumbers } from "./levels";
import "../definition/definition.css";

/** What a template asks for, each as its kind demands. */
export function ParamFields({ params, value, onChange }: { params: TemplateParam[]; value: Params; onChange: (next: Params) => void }) {
  const two = useTwo();
  return (
    <div className="editor-fields">
      {params.map((p) => (
        <div key={p.name} className="param">
          <span className="muted">{two(p.title)}</span>
          <Field param={p} value={value[p.name]} onChange={(v) => onChange({ ...value, [p.name]: v })} />
        </div>
      ))}
    </div>
  );
}

function Field({ param: p, value, onChange }: { param: TemplateParam; value: unknown; onChange: (v: unknown) => void }) {
  const t = useT("tier");
  const two = useTwo();
  const { currency } = usePool();
  const { events } = useVocabulary();
  const label = two(p.title);
  switch (p.kind) {
    case "event":
    case "events":
      return (
        <Select
          mode={p.kind === "events" ? "multiple" : undefined}
          aria-label={label}
          value={value as string}
          onChange={onChange}
          showSearch={{ optionFilterProp: "label" }}
          style={{ width: "100%" }}
          options={[...(typeof value === "string" && !events.some((e) => e.value === value) ? [{ value, label: value }] : []), ...events]}
        />
      );
    case "window":
      return <WindowPick value={typeof value === "string" ? value : "all"} onChange={onChange} />;
    case "choice":
      return <Select aria-label={label} value={value as string} onChange={onChange} style={{ width: "100%" }} options={(p.choices ?? []).map((c) => ({ value: c, label: t(`choice.${c}`, { defaultValue: c }) }))} />;
    case "numbers":
      return <Numbers label={label} value={Array.isArray(value) ? (value as number[]) : []} onChange={onChange} />;
    default:
      return (
        <InputNumber
          aria-label={label}
          value={typeof value === "number" ? value : null}
          min={p.min}
          max={p.max === 0 ? undefined : p.max}
          suffix={p.kind === "days" ? t("rule:unit.days") : p.kind === "money" ? currency : undefined}
          style={{ width: "100%" }}
          onChange={(n) => onChange(n ?? p.default)}
        />
      );
  }
}

function Numbers({ label, value, onChange }: { label: string; value: number[]; onChange: (v: number[]) => void }) {
  const [text, setText] = useState(value.join(", "));
  const read = readNumbers(text);
  return (
    <Input
      aria-label={label}
      value={text}
      status={read === undefined ? "warning" : undefined}
      onChange={(e) => {
        setText(e.target.value);
        const numbers = readNumbers(e.target.value);
        if (numbers) onChange(numbers);
      }}
    />
  );
}
