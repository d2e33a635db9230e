import { PlusOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useRef } from "react";
import type { Problem } from "../../api/rules";
import { useT } from "../../app/i18n";
import { CopyButton } from "../../ui/CopyText";
import { Problems } from "./Problems";
import { marked, spanOf } from "./span";

const snippets = ["count", "sum", "distinct", "days_since_last", "active_days", "trait", "in", "has", "has_tag", "tier", "in_segment", "held", "channel", "identity", "consent", "bucket"] as const;

const written: Record<(typeof snippets)[number], string> = {
  count: 'count("Order Completed", "30d") >= 1',
  sum: 'sum("Order Completed", "revenue", "365d") >= 1000.0',
  distinct: 'distinct("Order Completed", "sku", "90d") >= 2',
  days_since_last: 'days_since_last("Order Completed") >= 30',
  active_days: 'active_days("30d") >= 5',
  trait: 'person.city == ""',
  in: 'person.city in ["", ""]',
  has: "has(person.city)",
  has_tag: 'has_tag("")',
  tier: 'tier("") == ""',
  in_segment: 'in_segment("")',
  held: 'held(in_segment(""), "30d")',
  channel: 'channel.first == ""',
  identity: 'identity("phone")',
  consent: 'consent("")',
  bucket: 'bucket("holdout") < 0.1',
};

interface Props {
  value: string;
  problems: Problem[];
  onChange: (text: string) => void;
  disabled?: boolean;
  /** Without what whole rules offer to insert. */
  plain?: boolean;
}

/** The text view of a rule: coloured, with what is wrong underlined and explained below. */
export function RuleText({ value, problems, onChange, disabled, plain }: Props) {
  const t = useT("rule");
  const area = useRef<HTMLTextAreaElement>(null);
  const pieces = marked(value, problems.map((p) => spanOf(value, p)));
  const insert = (text: string) => {
    const at = area.current?.selectionStart ?? value.length;
    const before = value.slice(0, at).trimEnd();
    // "true" is what an empty rule says
    const whole = value.trim() === "" || value.trim() === "true";
    const joined = whole ? text : `${value.slice(0, at)}${before === "" || /[(&|!]$/.test(before) ? "" : " && "}${text}${value.slice(at)}`;
    onChange(joined);
    area.current?.focus();
  };
  return (
    <div className="rule-text">
      <div className="rule-text-box">
        <pre aria-hidden>
          {pieces.map((p, i) => (
            <span key={i} className={`tok-${p.kind}${p.bad ? " bad" : ""}`}>
              {p.text}
            </span>
          ))}
          {"\n"}
        </pre>
        <textarea
          ref={area}
          value={value}
          onChange={(e) => onChange(e.target.value)}
          aria-label={t("text.label")}
          aria-invalid={problems.length > 0}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          readOnly={disabled}
        />
      </div>
      <div className="row rule-text-tools">
        {!disabled && !plain && (
          <Dropdown
            trigger={["click"]}
            menu={{
              className: "rule-snippets",
              items: snippets.map((s) => ({
                key: s,
                label: (
                  <span className="rule-snippet">
                    <span>{t(`snippet.${s}`)}</span>
                    <code className="muted">{written[s]}</code>
                  </span>
                ),
                onClick: () => insert(written[s]),
              })),
            }}
          >
            <Button size="small" type="text" icon={<PlusOutlined aria-hidden />}>
              {t("text.insert")}
            </Button>
          </Dropdown>
        )}
        <CopyButton text={value} />
      </div>
      <Problems text={value} problems={problems} onMend={disabled ? undefined : onChange} />
    </div>
  );
}
