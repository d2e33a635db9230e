import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { useVocabulary } from "../../pool/rule/schema";
import { useFmt } from "../../ui/format";
import { Rich } from "../../ui/Rich";
import { QuestionFrame, type Example } from "../query/QuestionFrame";
import { useQueryState } from "../query/useQueryState";
import { useQuestion } from "../query/useQuestion";
import type { Result } from "../query/wire";
import { path, type PathAnswer, type PathQuery } from "./path";
import { PathForm } from "./PathForm";
import { PathView } from "./PathView";
import { read, start, whole } from "./query";
import { RoutesTable } from "./Tables";
import { useNodeName } from "./words";

/** What people do after an event, or did before it; and who they are. */
export function PathPage() {
  const t = useT("path");
  const words = useVocabulary();
  const { query, set, reset } = useQueryState("path", start, read);
  const asked = useMemo(() => whole(query), [query]);
  const asking = useQuestion(path, asked);
  const known = useMemo(() => new Set(words.schema.events.map((e) => e.name)), [words]);
  const usual: [string, PathQuery][] = [
    ["bought", { ...start, last: 90, anchor: { event: "Order Completed" } }],
    ["before_bought", { ...start, last: 90, anchor: { event: "Order Completed" }, direction: "before" }],
    ["followed", { ...start, last: 90, anchor: { event: "Official Account Followed" } }],
    ["viewed", { ...start, anchor: { event: "Product Viewed" }, gap: "30m" }],
  ];
  const examples: Example<PathQuery>[] = usual.filter(([, q]) => known.has(q.anchor.event)).map(([key, q]) => ({ title: t(`example.${key}`), query: q }));
  return (
    <QuestionFrame
      question={path}
      query={query}
      whole={asked}
      set={set}
      reset={reset}
      asking={asking}
      title={t("nav")}
      answer={asking.result && asked && <Answer query={asked} result={asking.result} />}
      missing={t("missing")}
      isEmpty={(r) => r.answer.paths === 0}
      examples={examples}
      form={<PathForm query={query} set={set} />}
      semantics={
        <ul>
          {(["path", "which", "order", "collapse", "gap", "others", "days"] as const).map((k) => (
            <li key={k}>{t(`how.${k}`)}</li>
          ))}
        </ul>
      }
    >
      {(result, q) => (
        <>
          <PathView query={q} result={result} />
          <RoutesTable query={q} answer={result.answer} />
        </>
      )}
    </QuestionFrame>
  );
}

/** The sentence first: how many, and what most of them do next. */
function Answer({ query, result }: { query: PathQuery; result: Result<PathAnswer> }) {
  const t = useT("path");
  const fmt = useFmt();
  const name = useNodeName(query);
  const { nodes, paths } = result.answer;
  const way = query.direction === "before" ? "before" : "after";
  const first = nodes.find((n) => n.step === 1 && n.what === "event");
  const end = nodes.find((n) => n.step === 1 && n.what === "end");
  if (nodes[0] === undefined) return null;
  const said = [
    t(query.which === "every" ? "said.paths" : "said.people", { n: fmt.int(paths), event: name(nodes[0]) }),
    ...(first ? [t(`said.next_${way}`, { event: name(first), rate: fmt.pct(first.share) })] : []),
    ...(end ? [t(`said.end_${way}`, { rate: fmt.pct(end.share) })] : []),
  ];
  return <Rich text={said.join(t("said.join"))} />;
}
