import { AutoComplete, InputNumber, Select } from "antd";
import { useId, useState } from "react";
import { daysOf, windowOf, type Comparison } from "../../api/tree";
import { useT } from "../../app/i18n";
import type { Option } from "./schema";

interface PickProps {
  label: string;
  value: string;
  options: Option[];
  onChange: (value: string) => void;
  /** A name that is not in the list may be written as well. */
  free?: boolean;
}

/** One of the pool's names. What is not there (any more) is shown as it stands. */
export function NamePick({ label, value, options, onChange, free }: PickProps) {
  const t = useT("rule");
  const [typed, setTyped] = useState("");
  const known = options.some((o) => o.value === value);
  const same = (name: string) => name.toLowerCase() === typed.toLowerCase();
  const more: Option[] = free && typed !== "" && !options.some((o) => same(o.value) || same(o.label)) ? [{ value: typed, label: typed }] : [];
  return (
    <Select<string, Option>
      className={`rule-pick ${value === "" ? "open" : ""}`}
      aria-label={label}
      placeholder={label}
      value={value === "" ? undefined : value}
      onChange={onChange}
      popupMatchSelectWidth={false}
      showSearch={{ filterOption: (text, o) => `${o?.label ?? ""} ${o?.value ?? ""}`.toLowerCase().includes(text.toLowerCase()), onSearch: setTyped }}
      notFoundContent={<span className="muted">{t("pick.none")}</span>}
      options={[...(known || value === "" ? [] : [{ value, label: value }]), ...options, ...more]}
      optionRender={(o) => (
        <span className="rule-option">
          {o.data.color ? <i className="swatch" style={{ background: o.data.color }} aria-hidden /> : null}
          <span className="grow">{o.label}</span>
          {o.data.raw ? <code className="muted">{o.data.raw}</code> : null}
        </span>
      )}
    />
  );
}

const usual = [1, 7, 14, 30, 60, 90, 180, 365];

/** A span of calendar days that ends today, or all time. */
export function WindowPick({ value, onChange }: { value: string; onChange: (window: string) => void }) {
  const t = useT("rule");
  const word = (w: string) => {
    const days = daysOf(w);
    return days === undefined ? w : days === null ? t("window.all") : days === 1 ? t("window.today") : t("window.days", { n: days });
  };
  const days = [...new Set([...usual, ...(daysOf(value) ? [daysOf(value) as number] : [])])].sort((a, b) => a - b);
  return (
    <Select
      className="rule-pick"
      aria-label={t("window.label")}
      value={value}
      onChange={onChange}
      popupMatchSelectWidth={false}
      options={[...days.map((n) => windowOf(n)), "all"].map((w) => ({ value: w, label: word(w) }))}
      popupRender={(menu) => (
        <>
          {menu}
          <div className="rule-own-window">
            <InputNumber
              size="small"
              min={1}
              max={99999}
              precision={0}
              placeholder={t("window.own")}
              aria-label={t("window.own")}
              suffix={t("unit.days")}
              onKeyDown={(e) => e.stopPropagation()}
              onChange={(n) => n !== null && onChange(windowOf(n))}
            />
          </div>
        </>
      )}
    />
  );
}

/** One word of a few. */
export function WordPick<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: { value: T; label: string }[]; onChange: (v: T) => void }) {
  return <Select<T> className="rule-pick" aria-label={label} value={value} onChange={onChange} options={options} popupMatchSelectWidth={false} />;
}

export const isOrder = (cmp: Comparison): boolean => cmp !== "==" && cmp !== "!=";

/** A text, with values that occur to choose from. */
export function TextInput({ label, value, values, onChange, wide }: { label: string; value: string; values: string[]; onChange: (v: string) => void; wide?: boolean }) {
  const id = useId();
  return (
    <AutoComplete
      id={id}
      className={`rule-text-input ${wide ? "wide" : ""} ${value === "" ? "open" : ""}`}
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(v: string) => onChange(v ?? "")}
      options={values.map((v) => ({ value: v }))}
      popupMatchSelectWidth={false}
      showSearch={{ filterOption: (text, o) => (o?.value ?? "").toLowerCase().includes(text.toLowerCase()) }}
    />
  );
}
