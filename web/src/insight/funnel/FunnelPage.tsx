import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { useVocabulary } from "../../pool/rule/schema";
import { useFmt } from "../../ui/format";
import { GrainPick } from "../../ui/DateRange";
import { Rich } from "../../ui/Rich";
import { QuestionFrame, type Example } from "../query/QuestionFrame";
import type { Result } from "../query/wire";
import { useQueryState } from "../query/useQueryState";
import { useQuestion } from "../query/useQuestion";
import { funnel, type FunnelAnswer, type FunnelQuery } from "./funnel";
import { FunnelForm } from "./FunnelForm";
import { FunnelView } from "./FunnelView";
import { OverTime } from "./OverTime";
import { read, start, whole } from "./query";
import { Times } from "./Times";
import { useSpan, useStepNames } from "./words";

/** Ways that brands look at first; offered where the pool knows their events. */
const usual: [string, string[]][] = [
  ["buy", ["Product Viewed", "Product Added", "Order Completed"]],
  ["content", ["Content Read", "Product Viewed", "Order Completed"]],
  ["follow", ["Official Account Followed", "Content Read", "Order Completed"]],
  ["again", ["Order Completed", "Order Completed"]],
];

/** Where people fall out on a way of steps, and who they are. */
export function FunnelPage() {
  const t = useT("funnel");
  const words = useVocabulary();
  const { query, set, reset } = useQueryState("funnel", start, read);
  const asked = useMemo(() => whole(query), [query]);
  const asking = useQuestion(funnel, asked);
  const known = useMemo(() => new Set(words.schema.events.map((e) => e.name)), [words]);
  const examples: Example<FunnelQuery>[] = usual
    .filter(([, events]) => events.every((e) => known.has(e)))
    .map(([key, events]) => ({ title: t(`example.${key}`), query: { ...start, last: 90, window: key === "again" ? "60d" : "7d", steps: events.map((event) => ({ event })) } }));
  return (
    <QuestionFrame
      question={funnel}
      query={query}
      whole={asked}
      set={set}
      reset={reset}
      asking={asking}
      title={t("nav")}
      answer={asking.result && asked && <Answer query={asked} result={asking.result} />}
      missing={t("missing")}
      isEmpty={(r) => (r.answer.steps[0]?.people ?? 0) === 0}
      examples={examples}
      form={<FunnelForm query={query} set={set} />}
      semantics={
        <ul>
          {(["once", "window", "order", "ties", "exclude", "days"] as const).map((k) => (
            <li key={k}>{t(`how.${k}`)}</li>
          ))}
        </ul>
      }
    >
      {(result, q) => (
        <>
          <FunnelView query={q} result={result} />
          <Times query={q} answer={result.answer} />
          <OverTime query={q} answer={result.answer} actions={<GrainPick value={query.grain ?? result.answer.grain} onChange={(grain) => set({ ...query, grain })} />} />
        </>
      )}
    </QuestionFrame>
  );
}

/** The sentence first: how many began, how many went all the way, and where most were lost. */
function Answer({ query, result }: { query: FunnelQuery; result: Result<FunnelAnswer> }) {
  const t = useT("funnel");
  const fmt = useFmt();
  const span = useSpan();
  const names = useStepNames(query);
  const { steps, times } = result.answer;
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined || last.rate === null) return null;
  const worst = steps.reduce((at, s, i) => (i > 0 && s.dropped > (steps[at]?.dropped ?? -1) ? i : at), 1);
  const said = [
    t("said.all", { n: fmt.int(first.people), last: fmt.int(last.people), rate: fmt.pct(last.rate) }),
    ...((steps[worst]?.dropped ?? 0) > 0 ? [t("said.worst", { from: names[worst - 1], to: names[worst], n: fmt.int(steps[worst]?.dropped ?? 0) })] : []),
    ...(times.median_s === null ? [] : [t("said.median", { time: span(times.median_s) })]),
  ];
  return <Rich text={said.join(t("said.join"))} />;
}
