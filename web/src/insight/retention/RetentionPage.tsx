import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { useVocabulary } from "../../pool/rule/schema";
import { GrainPick } from "../../ui/DateRange";
import { useFmt } from "../../ui/format";
import { QuestionFrame, type Example } from "../query/QuestionFrame";
import type { Result } from "../query/wire";
import { useQueryState } from "../query/useQueryState";
import { useQuestion } from "../query/useQuestion";
import { read, start, whole } from "./query";
import { retention, type RetentionAnswer, type RetentionQuery } from "./retention";
import { RetentionForm } from "./RetentionForm";
import { RetentionView } from "./RetentionView";
import { said } from "./rows";
import { useNames } from "./words";

/** Who comes back. */
export function RetentionPage() {
  const t = useT("retention");
  const words = useVocabulary();
  const { query, set, reset } = useQueryState("retention", start, read);
  const asked = useMemo(() => whole(query), [query]);
  const asking = useQuestion(retention, asked);
  const known = useMemo(() => new Set(words.schema.events.map((e) => e.name)), [words]);
  const ways: [string, RetentionQuery, string[]][] = [
    ["orders", start, ["Order Completed"]],
    ["daily", { start: { event: "" }, grain: "day", last: 30 }, []],
    ["first_order", { start: { event: "" }, return: { event: "Order Completed" }, mode: "after", grain: "week", last: 90 }, ["Order Completed"]],
    ["value", { ...start, value: true, breakdown: { by: "first_channel" } }, ["Order Completed"]],
  ];
  const examples: Example<RetentionQuery>[] = ways.filter(([, , events]) => events.every((e) => known.has(e))).map(([key, q]) => ({ title: t(`example.${key}`), query: q }));
  return (
    <QuestionFrame
      question={retention}
      query={query}
      whole={asked}
      set={set}
      reset={reset}
      asking={asking}
      title={t("nav")}
      answer={asking.result && asked && <Answer query={asked} result={asking.result} />}
      missing={t(query.value && (query.return ?? query.start).event === "" ? "missing.value" : "missing.steps")}
      isEmpty={(r) => r.answer.all.size === 0}
      examples={examples}
      mends={{ "insight.event_unknown": [{ label: t("mend.any"), act: () => set({ ...query, start: { event: "" }, return: undefined, value: undefined }) }] }}
      bar={<GrainPick value={query.grain ?? "day"} onChange={(grain) => set({ ...query, grain, periods: undefined })} />}
      form={<RetentionForm query={query} set={set} />}
      semantics={
        <ul>
          {(["cohort", "period", "zero", "over", "range", "value"] as const).map((k) => (
            <li key={k}>{t(`how.${k}`)}</li>
          ))}
        </ul>
      }
    >
      {(result, q) => <RetentionView query={q} result={result} />}
    </QuestionFrame>
  );
}

/** The sentence first: how many of them all came back, soon and later. */
function Answer({ query, result }: { query: RetentionQuery; result: Result<RetentionAnswer> }) {
  const t = useT("retention");
  const fmt = useFmt();
  const { answer } = result;
  const names = useNames(query, answer);
  const told = answer.mode === "bracket" ? [] : said(answer.all);
  if (told.length === 0) return <>{answer.mode === "bracket" ? t("answer.size", { n: fmt.int(answer.all.size), start: names.start }) : t("answer.young")}</>;
  const list = told.map(({ k, rate }) => t(`answer.${answer.mode}`, { column: names.column({ from: k, to: k }), rate: fmt.pct(rate) })).join(t("answer.join"));
  return <>{t("answer.back", { start: names.start, back: names.back, list })}</>;
}
