import { Input } from "antd";
import { aggregates, type Aggregate } from "../../api/tree";
import { useT } from "../../app/i18n";
import { emptyGroup, type FormValue } from "./form";
import { NamePick, TextInput, WindowPick, WordPick } from "./pick";
import { useScope } from "./scope";

/** The fields of one side of a comparison: what is measured. */
export function ValueFields({ value: v, onChange }: { value: FormValue; onChange: (v: FormValue) => void }) {
  const t = useT("rule");
  const { words, event: within } = useScope();
  const eventPick = (event: string) => <NamePick free label={t("pick.event")} value={event} options={words.events} onChange={(e) => onChange({ ...v, event: e, ...("where" in v && e !== event ? { where: v.where } : {}) } as FormValue)} />;
  switch (v.fn) {
    case "count":
      return (
        <>
          <WindowPick value={v.window} onChange={(window) => onChange({ ...v, window })} />
          <span className="rule-word">{t("say.did")}</span>
          {eventPick(v.event)}
        </>
      );
    case "sum":
    case "avg":
    case "min":
    case "max":
    case "distinct":
      return (
        <>
          <WindowPick value={v.window} onChange={(window) => onChange({ ...v, window })} />
          {eventPick(v.event)}
          <span className="rule-word">{t("say.of")}</span>
          <NamePick free label={t("pick.property")} value={v.property} options={words.properties(v.event).map((p) => ({ value: p.name, label: p.name }))} onChange={(property) => onChange({ ...v, property })} />
          <WordPick<Aggregate> label={t("pick.aggregate")} value={v.fn} options={aggregates.map((a) => ({ value: a, label: t(`aggregate.${a}`) }))} onChange={(fn) => onChange({ ...v, fn })} />
        </>
      );
    case "days_since_last":
    case "days_since_first":
      return (
        <>
          <WordPick label={t("pick.end")} value={v.fn} options={(["days_since_last", "days_since_first"] as const).map((fn) => ({ value: fn, label: t(`since.${fn}`) }))} onChange={(fn) => onChange({ ...v, fn })} />
          {eventPick(v.event)}
        </>
      );
    case "active_days":
      return (
        <>
          <WindowPick value={v.window} onChange={(window) => onChange({ ...v, window })} />
          <span className="rule-word">{t("say.active_days")}</span>
        </>
      );
    case "trait":
      return <NamePick free label={t("pick.trait")} value={v.name} options={words.traits} onChange={(name) => onChange({ ...v, name })} />;
    case "property":
      return <NamePick free label={t("pick.property")} value={v.name} options={words.properties(within ?? "").map((p) => ({ value: p.name, label: p.name }))} onChange={(name) => onChange({ ...v, name })} />;
    case "tier":
      return <NamePick label={t("pick.tier")} value={v.dimension} options={words.tiers} onChange={(dimension) => onChange({ ...v, dimension })} />;
    case "channel":
      return <WordPick label={t("pick.which")} value={v.which} options={(["first", "last"] as const).map((w) => ({ value: w, label: t(`channel.${w}`) }))} onChange={(which) => onChange({ ...v, which })} />;
    case "bucket":
      return <TextInput label={t("pick.salt")} value={v.salt} values={[]} onChange={(salt) => onChange({ ...v, salt })} />;
    case "lit":
      return <code className="rule-code">{String(v.value)}</code>;
    case "raw":
      return <Input className="rule-raw" aria-label={t("pick.formula")} placeholder={t("pick.formula")} value={v.text} onChange={(e) => onChange({ ...v, text: e.target.value })} spellCheck={false} />;
  }
}

/** Whether a value may have a filter over its events. */
export const mayFilter = (v: FormValue): boolean => ["count", ...aggregates, "days_since_last", "days_since_first"].includes(v.fn);

export const withFilter = (v: FormValue): FormValue => ({ ...v, where: emptyGroup() }) as FormValue;
