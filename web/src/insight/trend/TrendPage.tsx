import { Segmented } from "antd";
import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { useVocabulary } from "../../pool/rule/schema";
import { useFmt } from "../../ui/format";
import { Rich } from "../../ui/Rich";
import { QuestionFrame, type Example } from "../query/QuestionFrame";
import type { Result } from "../query/wire";
import { useQueryState } from "../query/useQueryState";
import { useQuestion } from "../query/useQuestion";
import { read, start, whole } from "./query";
import { grains, trend, type Grain, type TrendAnswer, type TrendQuery } from "./trend";
import { TrendForm } from "./TrendForm";
import { TrendView } from "./TrendView";
import { useLineNames, useSay } from "./words";

/** How much, how many and how often, over time. */
export function TrendPage() {
  const t = useT("trend");
  const words = useVocabulary();
  const { query, set, reset } = useQueryState("trend", start, read);
  const asked = useMemo(() => whole(query), [query]);
  const asking = useQuestion(trend, asked);
  const known = new Set(words.schema.events.map((e) => e.name));
  const buy = "Order Completed";
  const examples: Example<TrendQuery>[] = [
    { title: t("example.active"), query: { series: [{ event: "", measure: "people" }], breakdown: { by: "channel" }, last: 30 } },
    ...(known.has(buy)
      ? [
          { title: t("example.revenue"), query: { series: [{ event: buy, measure: "sum" as const, of: "revenue" }], compare: "former" as const, grain: "week" as const, last: 91 } },
          { title: t("example.rate"), query: { series: [{ event: "", measure: "people" as const }, { event: buy, measure: "people" as const }], formulas: [{ text: "B / A", title: t("example.rate_title"), percent: true }], last: 30 } },
        ]
      : []),
  ];
  return (
    <QuestionFrame
      question={trend}
      query={query}
      whole={asked}
      set={set}
      reset={reset}
      asking={asking}
      title={t("nav")}
      answer={asking.result && asked && <Answer query={asked} result={asking.result} />}
      missing={t("missing")}
      isEmpty={(r) => r.answer.lines.every((l) => (l.total ?? 0) === 0 && (l.former?.total ?? 0) === 0)}
      examples={examples}
      form={<TrendForm query={query} set={set} />}
      bar={<Segmented<Grain> value={query.grain ?? "day"} aria-label={t("grain.label")} options={grains.map((g) => ({ value: g, label: t(`grain.${g}`) }))} onChange={(g) => set({ ...query, grain: g === "day" ? undefined : g })} />}
      mends={{ "insight.too_many_points": [{ label: t("mend.day"), act: () => set({ ...query, grain: undefined }) }] }}
      semantics={
        <ul>
          {(["people", "values", "money", "total", "former", "groups", "formula"] as const).map((k) => (
            <li key={k}>{t(`how.${k}`)}</li>
          ))}
        </ul>
      }
    >
      {(result, q) => <TrendView query={q} result={result} />}
    </QuestionFrame>
  );
}

/** The sentence first: the whole range in one number, and against the former one. */
function Answer({ query, result }: { query: TrendQuery; result: Result<TrendAnswer> }) {
  const t = useT("trend");
  const fmt = useFmt();
  const { lines, currency } = result.answer;
  const names = useLineNames(query, lines);
  const say = useSay(currency);
  const said = lines.slice(0, query.breakdown ? 3 : 2).map((l, i) => {
    const change = l.former?.change;
    const words = { name: names[i], value: say(l.total, l.unit) };
    if (change === null || change === undefined) return t("said.plain", words);
    return t(change > 0 ? "said.up" : change < 0 ? "said.down" : "said.even", { ...words, change: fmt.pct(Math.abs(change)) });
  });
  return <Rich text={said.join(t("said.join"))} />;
}
