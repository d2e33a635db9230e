import { Select } from "antd";
import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { NamePick } from "../../pool/rule/pick";
import { useVocabulary } from "../../pool/rule/schema";
import { useFmt } from "../../ui/format";
import { Rich } from "../../ui/Rich";
import { BreakdownField } from "../query/BreakdownField";
import { Field, QuestionFrame } from "../query/QuestionFrame";
import type { Result } from "../query/wire";
import { useQueryState } from "../query/useQueryState";
import { useQuestion } from "../query/useQuestion";
import { DistributionView } from "./DistributionView";
import { ListField, StepField } from "./fields";
import { readDistribution, startDistribution, wholeDistribution } from "./query";
import { Tabs } from "./Tabs";
import { distribution, figures, type DistributionAnswer, type DistributionQuery, type Figure } from "./wire";
import { useSay } from "./words";

/** How often people do something, and with what values. */
export function DistributionPage() {
  const t = useT("distribution");
  const words = useVocabulary();
  const { query, set, reset } = useQueryState("distribution", startDistribution, readDistribution);
  const asked = useMemo(() => wholeDistribution(query), [query]);
  const asking = useQuestion(distribution, asked);
  const buy = { event: "Order Completed" };
  return (
    <>
      <Tabs now="distribution" />
      <QuestionFrame
        question={distribution}
        query={query}
        whole={asked}
        set={set}
        reset={reset}
        asking={asking}
        title={t("title.distribution")}
        answer={asking.result && asked && <Answer query={asked} result={asking.result} />}
        missing={t("missing.distribution")}
        isEmpty={(r) => r.answer.bins.length === 0 && r.answer.values.length === 0}
        examples={
          words.schema.events.some((e) => e.name === buy.event)
            ? [
                { title: t("example.orders"), query: { figure: "times", step: buy, last: 365 } },
                { title: t("example.amounts"), query: { figure: "property", step: buy, name: "revenue", last: 90 } },
              ]
            : []
        }
        form={<Form query={query} set={set} />}
        semantics={
          <ul>
            {(["figures", "bins", "now"] as const).map((k) => (
              <li key={k}>{t(`how.${k}`)}</li>
            ))}
          </ul>
        }
      >
        {(result, q) => <DistributionView query={q} result={result} />}
      </QuestionFrame>
    </>
  );
}

function Form({ query, set }: { query: DistributionQuery; set: (q: DistributionQuery) => void }) {
  const t = useT("distribution");
  const words = useVocabulary();
  const figure = query.figure ?? "times";
  const step = query.step ?? { event: "", open: true };
  const event = step.open ? "" : step.event;
  const properties = event === "" ? [] : words.properties(event).filter((p) => p.name !== "revenue" && (figure === "property" || p.type === "number" || p.type === "mixed"));
  return (
    <>
      <Field label={t("figure.head")} help={t(`figure.help.${figure}`)}>
        <Select<Figure>
          value={figure}
          aria-label={t("figure.head")}
          options={figures.map((f) => ({ value: f, label: t(`figure.${f}`) }))}
          onChange={(f) => set({ ...query, figure: f, name: f === "sum" || f === "property" ? "revenue" : undefined, edges: undefined })}
        />
      </Field>
      {figure === "trait" ? (
        <Field label={t("trait")}>
          <NamePick label={t("trait")} value={query.name ?? ""} options={words.traits} onChange={(name) => set({ ...query, name, edges: undefined })} />
        </Field>
      ) : (
        <Field label={t("event")}>
          <StepField value={step} onChange={(s) => set({ ...query, step: s, name: s.event === step.event || query.name === "revenue" ? query.name : undefined })} />
        </Field>
      )}
      {(figure === "sum" || figure === "property") && (
        <Field label={t("property")}>
          <NamePick label={t("property")} value={query.name ?? ""} options={[{ value: "revenue", label: t("revenue") }, ...properties.map((p) => ({ value: p.name, label: p.name }))]} onChange={(name) => set({ ...query, name, edges: undefined })} />
        </Field>
      )}
      <Field label={t("edges.head")} help={query.name === "revenue" && (figure === "sum" || figure === "property") ? t("edges.minor") : t("edges.help")}>
        <ListField key={figure} value={query.edges} label={t("edges.head")} hint="1, 5, 20, 100" onChange={(edges) => set({ ...query, edges })} />
      </Field>
      <Field label={t("breakdown")}>
        <BreakdownField value={query.breakdown} events={event === "" ? [] : [event]} by={figure === "trait" ? ["first_channel", "trait", "tier", "segment", "tag"] : undefined} onChange={(breakdown) => set({ ...query, breakdown })} />
      </Field>
    </>
  );
}

function Answer({ query, result }: { query: DistributionQuery; result: Result<DistributionAnswer> }) {
  const t = useT("distribution");
  const fmt = useFmt();
  const { parts, unit, currency, counted, values } = result.answer;
  const say = useSay(currency);
  const [part] = parts;
  if (part === undefined || query.breakdown) return null;
  if (part.spread.n === 0) return <Rich text={t("said.values", { value: values[0]?.value ?? "", n: fmt.int(part.values[0] ?? 0) })} />;
  return <Rich text={t(`said.${counted}`, { n: fmt.int(part.spread.n), median: say(part.spread.median, unit), q1: say(part.spread.q1, unit), q3: say(part.spread.q3, unit) })} />;
}
