import { InputNumber } from "antd";
import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { GrainPick } from "../../ui/DateRange";
import { useFmt } from "../../ui/format";
import { Rich } from "../../ui/Rich";
import { Field, QuestionFrame } from "../query/QuestionFrame";
import type { Result } from "../query/wire";
import { useQueryState } from "../query/useQueryState";
import { useQuestion } from "../query/useQuestion";
import { Account, Books } from "./Books";
import { ActiveChart, FlowChart, StockChart } from "./Charts";
import { growth, type GrowthAnswer, type GrowthQuery } from "./growth";
import { newest, read, start, whole } from "./query";
import { Reconcile } from "./Reconcile";
import "./growth.css";

/** The pool as a water account, period by period. */
export function GrowthPage() {
  const t = useT("growth");
  const { query, set, reset } = useQueryState("growth", start, read);
  const asked = useMemo(() => whole(query), [query]);
  const asking = useQuestion(growth, asked);
  return (
    <QuestionFrame
      question={growth}
      query={query}
      whole={asked}
      set={set}
      reset={reset}
      asking={asking}
      title={t("nav")}
      answer={asking.result && <Answer result={asking.result} />}
      missing={t("missing")}
      isEmpty={(r) => (r.answer.periods.at(-1)?.stock.people ?? 0) === 0 && r.answer.before.people === 0}
      bar={<GrainPick value={query.grain ?? "day"} onChange={(grain) => set({ ...query, grain })} />}
      form={<Form query={query} set={set} answer={asking.result?.answer} />}
      semantics={
        <ul>
          {(["active", "new", "flows", "retained", "quick", "sticky", "cleaned"] as const).map((k) => (
            <li key={k}>{t(`how.${k}`)}</li>
          ))}
        </ul>
      }
    >
      {(result, q) => (
        <>
          <div className="card">
            <FlowChart answer={result.answer} />
          </div>
          <Account answer={result.answer} check={q.people ? undefined : <Reconcile key={JSON.stringify(q)} query={q} />} />
          <div className="card">
            <StockChart answer={result.answer} />
          </div>
          <div className="card">
            <ActiveChart answer={result.answer} />
          </div>
          <Books answer={result.answer} />
        </>
      )}
    </QuestionFrame>
  );
}

function Form({ query, set, answer }: { query: GrowthQuery; set: (next: GrowthQuery) => void; answer: GrowthAnswer | undefined }) {
  const t = useT("growth");
  const days = (label: string, key: "silent_days" | "lost_days", usual: number | undefined, most: number) => (
    <label className="row">
      <InputNumber min={1} max={most} precision={0} value={query[key] ?? null} placeholder={usual === undefined ? undefined : String(usual)} aria-label={label} onChange={(n) => set({ ...query, [key]: n ?? undefined })} />
      <span className="muted">{t("form.days")}</span>
    </label>
  );
  return (
    <>
      <Field label={t("form.silent")} help={t("form.silent_help")}>
        {days(t("form.silent"), "silent_days", answer?.silent_days, 365)}
      </Field>
      <Field label={t("form.lost")} help={t("form.lost_help")}>
        {days(t("form.lost"), "lost_days", answer?.lost_days, 730)}
      </Field>
    </>
  );
}

/** The sentence first: how many there are, and whether what comes outweighs what goes. */
function Answer({ result }: { result: Result<GrowthAnswer> }) {
  const t = useT("growth");
  const fmt = useFmt();
  const { answer } = result;
  const end = answer.periods.at(-1)?.stock;
  const last = newest(answer.periods);
  if (end === undefined || last === undefined) return null;
  const change = end.active - answer.before.active;
  const way = change > 0 ? "grew" : change < 0 ? "shrank" : "stayed";
  const said = t(`answer.${way}`, { people: fmt.int(end.people), active: fmt.int(end.active), n: fmt.int(Math.abs(change)) });
  const quick = answer.quick_ratio === null ? "" : t(answer.quick_ratio >= 1 ? "answer.quick_good" : "answer.quick_bad", { quick: answer.quick_ratio.toFixed(2) });
  return <Rich text={said + quick} />;
}
