import { Segmented } from "antd";
import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Rich } from "../../ui/Rich";
import { Field, QuestionFrame } from "../query/QuestionFrame";
import { useQueryState } from "../query/useQueryState";
import { useQuestion } from "../query/useQuestion";
import { StepField } from "./fields";
import { readStickiness, startStickiness, wholeStickiness } from "./query";
import { StickinessView } from "./StickinessView";
import { Tabs } from "./Tabs";
import { stickiness } from "./wire";
import { useSay } from "./words";

/** On how many days of a week or month people come. */
export function StickinessPage() {
  const t = useT("distribution");
  const fmt = useFmt();
  const say = useSay();
  const { query, set, reset } = useQueryState("stickiness", startStickiness, readStickiness);
  const asked = useMemo(() => wholeStickiness(query), [query]);
  const asking = useQuestion(stickiness, asked);
  const answer = asking.result?.answer;
  return (
    <>
      <Tabs now="stickiness" />
      <QuestionFrame
        question={stickiness}
        query={query}
        whole={asked}
        set={set}
        reset={reset}
        asking={asking}
        title={t("title.stickiness")}
        answer={answer && answer.rate !== null && <Rich text={t("said.stickiness", { mean: say(answer.mean, "number"), rate: fmt.pct(answer.rate), grain: t(`grain.${answer.grain}`) })} />}
        isEmpty={(r) => r.answer.periods.every((p) => p.people === 0)}
        form={
          <Field label={t("event")}>
            <StepField value={query.step ?? { event: "" }} onChange={(step) => set({ ...query, step })} />
          </Field>
        }
        bar={<Segmented<"week" | "month"> value={query.grain ?? "week"} aria-label={t("grain.label")} options={(["week", "month"] as const).map((g) => ({ value: g, label: t(`grain.${g}`) }))} onChange={(grain) => set({ ...query, grain })} />}
        semantics={
          <ul>
            {(["periods", "rate", "parts"] as const).map((k) => (
              <li key={k}>{t(`how.${k}`)}</li>
            ))}
          </ul>
        }
      >
        {(result, q) => <StickinessView query={q} result={result} />}
      </QuestionFrame>
    </>
  );
}
