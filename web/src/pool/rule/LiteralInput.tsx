import { InputNumber, Select } from "antd";
import type { SchemaType } from "../../api/rules";
import type { Scalar } from "../../api/tree";
import { useT } from "../../app/i18n";
import { TextInput } from "./pick";

interface Props {
  value: Scalar;
  type: SchemaType;
  values: Scalar[];
  onChange: (v: Scalar) => void;
}

const isNumber = (v: Scalar): v is number => typeof v === "number";

/** What a value is compared with, as its type demands. A text stays a text even if it looks like a number: "1" and 1 are not the same. */
export function LiteralInput({ value, type, values, onChange }: Props) {
  const t = useT("rule");
  const label = t("pick.value");
  if (type === "number" || (type === "mixed" && isNumber(value)))
    return <InputNumber className={`rule-number ${value === "" || value === null ? "open" : ""}`} aria-label={label} placeholder={label} value={isNumber(value) ? value : null} onChange={(n) => onChange(n ?? "")} />;
  if (type === "bool" || typeof value === "boolean")
    return (
      <Select
        className="rule-pick"
        aria-label={label}
        placeholder={label}
        value={typeof value === "boolean" ? String(value) : undefined}
        onChange={(v) => onChange(v === "true")}
        options={[
          { value: "true", label: t("yes") },
          { value: "false", label: t("no") },
        ]}
      />
    );
  return <TextInput label={label} value={value === null ? "" : String(value)} values={values.filter((v) => typeof v === "string")} onChange={onChange} />;
}

/** Several values, of which one must fit. */
export function ListInput({ list, type, values, labels, onChange }: { list: Scalar[]; type: SchemaType; values: Scalar[]; labels?: (v: string) => string; onChange: (list: Scalar[]) => void }) {
  const t = useT("rule");
  // numbers come back from the box as text
  const read = (v: string): Scalar => (type === "number" || (type === "mixed" && list.some(isNumber)) ? (v.trim() !== "" && Number.isFinite(Number(v)) ? Number(v) : v) : v);
  return (
    <Select
      mode={labels ? "multiple" : "tags"}
      className={`rule-list ${list.length === 0 ? "open" : ""}`}
      aria-label={t("pick.values")}
      placeholder={t("pick.values")}
      value={list.map(String)}
      onChange={(vs: string[]) => onChange(vs.map(read))}
      tokenSeparators={[",", "，", "、"]}
      popupMatchSelectWidth={false}
      options={[...new Set(values.map(String))].map((v) => ({ value: v, label: labels?.(v) ?? v }))}
    />
  );
}
