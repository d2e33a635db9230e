import { InputNumber, Segmented } from "antd";
import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Rich } from "../../ui/Rich";
import { BreakdownField } from "../query/BreakdownField";
import { Field, QuestionFrame } from "../query/QuestionFrame";
import { useQueryState } from "../query/useQueryState";
import { useQuestion } from "../query/useQuestion";
import { StepField } from "./fields";
import { IntervalView } from "./IntervalView";
import { readInterval, startInterval, wholeInterval } from "./query";
import { Tabs } from "./Tabs";
import { interval, pairings, type Pairing } from "./wire";
import { useSay } from "./words";

/** How long it takes from one event to the next; from order to order, the repurchase interval. */
export function IntervalPage() {
  const t = useT("distribution");
  const fmt = useFmt();
  const say = useSay();
  const { query, set, reset } = useQueryState("interval", startInterval, readInterval);
  const asked = useMemo(() => wholeInterval(query), [query]);
  const asking = useQuestion(interval, asked);
  const [part] = asking.result?.answer.parts ?? [];
  const pair = query.pair ?? "every";
  return (
    <>
      <Tabs now="interval" />
      <QuestionFrame
        question={interval}
        query={query}
        whole={asked}
        set={set}
        reset={reset}
        asking={asking}
        title={t("title.interval")}
        answer={part && !asked?.breakdown && part.spread.n > 0 && <Rich text={t("said.interval", { n: fmt.int(part.people), median: say(part.spread.median, "seconds"), p90: say(part.spread.p90, "seconds") })} />}
        missing={t("missing.interval")}
        isEmpty={(r) => r.answer.parts.every((p) => p.spread.n === 0 && p.waiting === 0)}
        examples={[{ title: t("example.again"), query: startInterval }]}
        form={
          <>
            <Field label={t("start")}>
              <StepField value={query.start} onChange={(start) => set({ ...query, start })} />
            </Field>
            <Field label={t("end")}>
              <StepField value={query.end} onChange={(end) => set({ ...query, end })} />
            </Field>
            <Field label={t("pair.head")} help={t(`pair.help.${pair}`)}>
              <Segmented<Pairing> block value={pair} aria-label={t("pair.head")} options={pairings.map((p) => ({ value: p, label: t(`pair.${p}`) }))} onChange={(p) => set({ ...query, pair: p === "every" ? undefined : p })} />
            </Field>
            <Field label={t("within.head")}>
              <InputNumber min={0} max={3660} precision={0} value={query.within ?? 0} aria-label={t("within.head")} onChange={(n) => set({ ...query, within: n || undefined })} />
            </Field>
            <Field label={t("breakdown")}>
              <BreakdownField value={query.breakdown} events={query.start.open || query.start.event === "" ? [] : [query.start.event]} onChange={(breakdown) => set({ ...query, breakdown })} />
            </Field>
          </>
        }
        semantics={
          <ul>
            {(["pairs", "span", "waiting"] as const).map((k) => (
              <li key={k}>{t(`how.${k}`)}</li>
            ))}
          </ul>
        }
      >
        {(result, q) => <IntervalView query={q} result={result} />}
      </QuestionFrame>
    </>
  );
}
