import { Input } from "antd";
import type { SchemaType } from "../../api/rules";
import type { Predicate, Scalar, TextTest } from "../../api/tree";
import { useT } from "../../app/i18n";
import { useKindTitle } from "../kind/kinds";
import type { Cond, FormLeaf, FormValue } from "./form";
import { ListInput, LiteralInput } from "./LiteralInput";
import { NamePick, TextInput, WindowPick, WordPick } from "./pick";
import { useScope } from "./scope";
import { operatorOf, operatorsFor, unitOf, withOperator, type Operator } from "./subjects";
import { ValueFields } from "./ValueFields";

const textTests = new Set<string>(["contains", "startsWith", "endsWith", "matches"] satisfies TextTest[]);

/** Everything of a condition behind its subject. */
export function CondFields({ cond, onChange }: { cond: Cond; onChange: (c: Cond) => void }) {
  const t = useT("rule");
  const { words } = useScope();
  const kind = useKindTitle();
  const { leaf } = cond;
  const set = (next: FormLeaf) => onChange({ ...cond, leaf: next });
  const verb = (word: "tag" | "segment" | "identity" | "consent") => (
    <WordPick
      label={t("pick.verb")}
      value={cond.not ? "no" : "yes"}
      options={[
        { value: "yes", label: t(`verb.${word}.yes`) },
        { value: "no", label: t(`verb.${word}.no`) },
      ]}
      onChange={(v) => onChange({ ...cond, not: v === "no" })}
    />
  );
  switch (leaf.op) {
    case "has_tag":
      return (
        <>
          {verb("tag")}
          <NamePick label={t("pick.tag")} value={leaf.key} options={words.tags} onChange={(key) => set({ ...leaf, key })} />
        </>
      );
    case "in_segment":
      return (
        <>
          {verb("segment")}
          <NamePick label={t("pick.segment")} value={leaf.key} options={words.segments} onChange={(key) => set({ ...leaf, key })} />
        </>
      );
    case "identity":
      return (
        <>
          {verb("identity")}
          <NamePick label={t("pick.kind")} value={leaf.kind} options={words.kinds.map((k) => ({ ...k, label: kind(k.value) }))} onChange={(k) => set({ ...leaf, kind: k })} />
        </>
      );
    case "consent":
      return (
        <>
          {verb("consent")}
          <TextInput label={t("pick.purpose")} value={leaf.purpose} values={words.schema.purposes} onChange={(purpose) => set({ ...leaf, purpose })} />
        </>
      );
    case "held":
      return <Held leaf={leaf} set={set} />;
    case "const":
      return <span className="rule-word">{t(leaf.value ? "say.everyone" : "say.nobody")}</span>;
    case "raw":
      return <RawInput value={leaf.text} onChange={(text) => set({ ...leaf, text })} />;
    default:
      return <Comparing cond={cond} onChange={onChange} />;
  }
}

/** A part in words of the text, for what the form has no fields for. */
function RawInput({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const t = useT("rule");
  return <Input.TextArea className="rule-raw" aria-label={t("pick.formula")} placeholder={t("pick.formula_hint")} autoSize={{ minRows: 1, maxRows: 6 }} value={value} onChange={(e) => onChange(e.target.value)} spellCheck={false} />;
}

function Held({ leaf, set }: { leaf: Extract<FormLeaf, { op: "held" }>; set: (leaf: FormLeaf) => void }) {
  const t = useT("rule");
  const { words } = useScope();
  const of = leaf.of[0];
  const what = of.op === "compare" ? "tier" : of.op;
  const put = (p: Predicate) => set({ ...leaf, of: [p] });
  return (
    <>
      <WordPick
        label={t("pick.held")}
        value={what}
        options={(["in_segment", "tier", "has_tag"] as const).map((v) => ({ value: v, label: t(`held.${v}`) }))}
        onChange={(v) => put(v === "tier" ? { op: "compare", cmp: "==", left: { fn: "tier", dimension: "" }, right: { fn: "lit", value: "" } } : { op: v, key: "" })}
      />
      {of.op === "in_segment" && <NamePick label={t("pick.segment")} value={of.key} options={words.segments} onChange={(key) => put({ ...of, key })} />}
      {of.op === "has_tag" && <NamePick label={t("pick.tag")} value={of.key} options={words.tags} onChange={(key) => put({ ...of, key })} />}
      {of.op === "compare" && (
        <>
          <NamePick label={t("pick.tier")} value={of.left.dimension} options={words.tiers} onChange={(dimension) => put({ ...of, left: { fn: "tier", dimension } })} />
          <span className="rule-word">{t("operator.text.==")}</span>
          <NamePick label={t("pick.level")} value={String(of.right.value ?? "")} options={words.levels(of.left.dimension)} onChange={(value) => put({ ...of, right: { fn: "lit", value } })} />
        </>
      )}
      <span className="rule-word">{t("say.held")}</span>
      <WindowPick value={leaf.window} onChange={(window) => set({ ...leaf, window })} />
    </>
  );
}

function Comparing({ cond, onChange }: { cond: Cond; onChange: (c: Cond) => void }) {
  const t = useT("rule");
  const { words, event } = useScope();
  const leaf = cond.leaf as Extract<FormLeaf, { left: FormValue }>;
  const { left } = leaf;
  const set = (next: FormLeaf) => onChange({ ...cond, leaf: next });
  const where = left.fn === "trait" ? { trait: left.name } : left.fn === "property" ? { property: left.name, event: event ?? "" } : undefined;
  const type: SchemaType = where ? words.typeOf(where) : left.fn === "channel" || left.fn === "tier" ? "text" : left.fn === "raw" ? "mixed" : "number";
  const values: Scalar[] = where ? words.valuesOf(where) : left.fn === "channel" ? words.schema.channels : [];
  const operator = operatorOf(cond) ?? "==";
  const offered = operatorsFor(left, type);
  const family = type === "number" || (type === "mixed" && left.fn === "raw") ? "number" : "text";
  const word = (op: Operator) => t(`operator.${family}.${op}`, { defaultValue: t(`operator.text.${op}`, { defaultValue: t(`operator.number.${op}`) }) });
  const unit = unitOf(left);
  return (
    <>
      <ValueFields
        value={left}
        onChange={(next) => {
          // another trait may be of another type: what was compared with would not fit
          const other = (next.fn === "trait" || next.fn === "property") && (left.fn === "trait" || left.fn === "property") && next.name !== left.name;
          const tier = next.fn === "tier" && left.fn === "tier" && next.dimension !== left.dimension;
          if (!other && !tier) return set({ ...leaf, left: next });
          const cleared = leaf.op === "in" ? { ...leaf, left: next, list: [] } : leaf.op === "compare" ? { ...leaf, left: next, right: { fn: "lit" as const, value: "" } } : { ...leaf, left: next };
          set(cleared);
        }}
      />
      <WordPick<Operator> label={t("pick.operator")} value={operator} options={[...new Set([...offered, operator])].map((op) => ({ value: op, label: word(op) }))} onChange={(op) => onChange(withOperator(cond, op))} />
      {leaf.op === "in" && left.fn !== "tier" && <ListInput list={leaf.list} type={type} values={values} onChange={(list) => set({ ...leaf, list })} />}
      {leaf.op === "in" && left.fn === "tier" && (
        <ListInput list={leaf.list} type="text" values={words.levels(left.dimension).map((l) => l.value)} labels={(v) => words.levels(left.dimension).find((l) => l.value === v)?.label ?? v} onChange={(list) => set({ ...leaf, list })} />
      )}
      {leaf.op === "text" && textTests.has(leaf.test) && <TextInput label={t("pick.value")} value={leaf.right.value} values={leaf.test === "matches" ? [] : values.filter((v) => typeof v === "string")} onChange={(value) => set({ ...leaf, right: { fn: "lit", value } })} />}
      {leaf.op === "compare" && leaf.right.fn !== "lit" && <span className="rule-other"><ValueFields value={leaf.right} onChange={(right) => set({ ...leaf, right })} /></span>}
      {leaf.op === "compare" && leaf.right.fn === "lit" && left.fn === "tier" && <NamePick label={t("pick.level")} value={String(leaf.right.value ?? "")} options={words.levels(left.dimension)} onChange={(value) => set({ ...leaf, right: { fn: "lit", value } })} />}
      {leaf.op === "compare" && leaf.right.fn === "lit" && left.fn !== "tier" && <LiteralInput value={leaf.right.value} type={type} values={values} onChange={(value) => set({ ...leaf, right: { fn: "lit", value } })} />}
      {unit !== "" && leaf.op === "compare" && <span className="rule-word">{t(`unit.${unit}`)}</span>}
      {left.fn === "bucket" && leaf.op === "compare" && leaf.right.fn === "lit" && typeof leaf.right.value === "number" && <span className="rule-word">{t("say.share", { n: Math.round(leaf.right.value * 1000) / 10 })}</span>}
      {left.fn !== "count" && "property" in left && words.schema.currency !== "" && left.property === "revenue" && <span className="rule-word">{words.schema.currency}</span>}
    </>
  );
}
