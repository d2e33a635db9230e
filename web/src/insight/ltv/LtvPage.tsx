import { InputNumber, Segmented, Select } from "antd";
import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { usePool } from "../../app/session";
import { minorDigits, useFmt } from "../../ui/format";
import { Rich } from "../../ui/Rich";
import { Field, QuestionFrame } from "../query/QuestionFrame";
import { StepsField } from "../query/StepsField";
import { useQueryState } from "../query/useQueryState";
import { useQuestion } from "../query/useQuestion";
import type { Result } from "../query/wire";
import { cohortings, ltv, models, type Cohorting, type LtvAnswer, type LtvQuery, type Model } from "./ltv";
import { LtvView } from "./LtvView";
import { read, start, whole } from "./query";
import { Predictions } from "./Predictions";

/** What customers are worth, and will be. */
export function LtvPage() {
  const t = useT("ltv");
  const { query, set, reset } = useQueryState("ltv", start, read);
  const asked = useMemo(() => whole(query), [query]);
  const asking = useQuestion(ltv, asked);
  return (
    <QuestionFrame
      question={ltv}
      query={query}
      whole={asked}
      set={set}
      reset={reset}
      asking={asking}
      title={t("nav")}
      answer={asking.result && <Said result={asking.result} />}
      missing={t("missing")}
      isEmpty={(r) => r.answer.buyers === 0}
      examples={[
        { title: t("example.orders"), query: start },
        { title: t("example.channels"), query: { ...start, cohorts: "first_channel" } },
      ]}
      form={<Form query={query} set={set} />}
      semantics={
        <ul>
          {(["days", "months", "check", "once", "verdict"] as const).map((k) => (
            <li key={k}>{t(`how.${k}`)}</li>
          ))}
        </ul>
      }
    >
      {(result, q) => (
        <>
          <LtvView query={q} result={result} />
          <Predictions />
        </>
      )}
    </QuestionFrame>
  );
}

function Form({ query, set }: { query: LtvQuery; set: (q: LtvQuery) => void }) {
  const t = useT("ltv");
  const { currency } = usePool();
  const scale = 10 ** minorDigits(currency);
  return (
    <>
      <Field label={t("form.purchase")} help={t("form.purchase_help")}>
        <StepsField value={[query.purchase ?? { event: "Order Completed" }]} max={1} onChange={([s]) => set({ ...query, purchase: s })} />
      </Field>
      <Field label={t("form.model")} help={t(`form.model_help.${query.model ?? "bg_nbd"}`)}>
        <Segmented<Model> block value={query.model ?? "bg_nbd"} aria-label={t("form.model")} options={models.map((m) => ({ value: m, label: t(`model.${m}`) }))} onChange={(m) => set({ ...query, model: m === "bg_nbd" ? undefined : m })} />
      </Field>
      <Field label={t("form.days")}>
        <Select value={query.days ?? 90} aria-label={t("form.days")} options={[30, 90, 180, 365].map((n) => ({ value: n, label: t("form.n_days", { n }) }))} onChange={(n) => set({ ...query, days: n === 90 ? undefined : n })} />
      </Field>
      <Field label={t("form.holdout")} help={t("form.holdout_help")}>
        <InputNumber min={0} max={1830} precision={0} value={query.holdout ?? null} placeholder={t("form.by_itself")} aria-label={t("form.holdout")} onChange={(n) => set({ ...query, holdout: n ?? undefined })} />
      </Field>
      <Field label={t("form.cohorts")}>
        <Segmented<Cohorting> block value={query.cohorts ?? "month"} aria-label={t("form.cohorts")} options={cohortings.map((c) => ({ value: c, label: t(`form.by_${c}`) }))} onChange={(c) => set({ ...query, cohorts: c === "month" ? undefined : c })} />
      </Field>
      <Field label={t("form.cost")} help={t("form.cost_help")}>
        <InputNumber min={0} value={query.cost === undefined ? null : query.cost / scale} addonAfter={currency} aria-label={t("form.cost")} onChange={(n) => set({ ...query, cost: n ? Math.round(n * scale) : undefined })} />
      </Field>
    </>
  );
}

/** The sentence first: what is to be expected, or why nothing can be. */
function Said({ result }: { result: Result<LtvAnswer> }) {
  const t = useT("ltv");
  const fmt = useFmt();
  const { answer: a } = result;
  const f = a.forecast;
  if (!f) return <Rich text={t("said.none", { n: fmt.int(a.buyers), each: fmt.money(a.buyers ? Math.round(a.revenue / a.buyers) : 0, a.currency) })} />;
  const values = { n: fmt.int(a.buyers), alive: fmt.int(Math.round(f.alive)), days: f.days, orders: fmt.int(Math.round(f.orders)), value: f.value === null ? "" : fmt.money(f.value, a.currency) };
  return <Rich text={t(f.value === null ? "said.orders" : "said.value", values)} />;
}
