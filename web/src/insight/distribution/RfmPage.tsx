import { Segmented } from "antd";
import { useMemo, useState } from "react";
import { useT } from "../../app/i18n";
import { usePool } from "../../app/session";
import { minorDigits, useFmt } from "../../ui/format";
import { Rich } from "../../ui/Rich";
import { Field, QuestionFrame } from "../query/QuestionFrame";
import { useQueryState } from "../query/useQueryState";
import { useQuestion } from "../query/useQuestion";
import { ListField, StepField } from "./fields";
import { readRfm, startRfm, wholeRfm } from "./query";
import { RfmView } from "./RfmView";
import { Tabs } from "./Tabs";
import { rfm, type RfmQuery } from "./wire";
import { useSay } from "./words";

/** Recency, frequency and money of buyers. */
export function RfmPage() {
  const t = useT("distribution");
  const fmt = useFmt();
  const { query, set, reset } = useQueryState("rfm", startRfm, readRfm);
  const asked = useMemo(() => wholeRfm(query), [query]);
  const asking = useQuestion(rfm, asked);
  const answer = asking.result?.answer;
  const say = useSay(answer?.currency);
  return (
    <>
      <Tabs now="rfm" />
      <QuestionFrame
        question={rfm}
        query={query}
        whole={asked}
        set={set}
        reset={reset}
        asking={asking}
        title={t("title.rfm")}
        answer={answer && answer.people > 0 && <Rich text={t("said.rfm", { n: fmt.int(answer.people), r: say(answer.recency.spread.median, "days"), f: say(answer.frequency.spread.mean, "number"), m: say(answer.monetary.spread.median, "money") })} />}
        missing={t("missing.rfm")}
        isEmpty={(r) => r.answer.people === 0}
        form={<Form query={query} set={set} />}
        semantics={
          <ul>
            {(["rfm", "classes", "kinds"] as const).map((k) => (
              <li key={k}>{t(`how.${k}`)}</li>
            ))}
          </ul>
        }
      >
        {(result, q) => <RfmView query={q} result={result} />}
      </QuestionFrame>
    </>
  );
}

function Form({ query, set }: { query: RfmQuery; set: (q: RfmQuery) => void }) {
  const t = useT("distribution");
  const { currency } = usePool();
  const unit = 10 ** minorDigits(currency);
  const [fixed, setFixed] = useState(query.recent !== undefined);
  const cuts = (key: "recent" | "often" | "much", scale: number, hint: string) => (
    <Field label={t(`rfm.cuts.${key}`)}>
      <ListField value={query[key]?.map((n) => n / scale)} label={t(`rfm.cuts.${key}`)} hint={hint} onChange={(list) => set({ ...query, [key]: list?.map((n) => Math.round(n * scale)) })} />
    </Field>
  );
  return (
    <>
      <Field label={t("rfm.purchase")}>
        <StepField value={query.step ?? { event: "Order Completed" }} any={false} onChange={(step) => set({ ...query, step })} />
      </Field>
      <Field label={t("rfm.cut_by")}>
        <Segmented
          block
          value={fixed ? "fixed" : "quantile"}
          aria-label={t("rfm.cut_by")}
          options={(["quantile", "fixed"] as const).map((v) => ({ value: v, label: t(`rfm.${v}`) }))}
          onChange={(v) => {
            setFixed(v === "fixed");
            if (v === "quantile") set({ ...query, recent: undefined, often: undefined, much: undefined });
          }}
        />
      </Field>
      {fixed ? (
        <>
          {cuts("recent", 1, "7, 30, 90, 180")}
          {cuts("often", 1, "1, 2, 3, 5")}
          {cuts("much", unit, "100, 300, 800, 2000")}
        </>
      ) : (
        <Field label={t("rfm.bins")}>
          <Segmented block value={query.bins ?? 5} aria-label={t("rfm.bins")} options={[3, 4, 5].map((n) => ({ value: n, label: `${n}×${n}` }))} onChange={(bins) => set({ ...query, bins })} />
        </Field>
      )}
      <Field label={t("rfm.recency_by")}>
        <Segmented<"calendar" | "elapsed"> block value={query.recency ?? "calendar"} aria-label={t("rfm.recency_by")} options={(["calendar", "elapsed"] as const).map((v) => ({ value: v, label: t(`rfm.${v}`) }))} onChange={(v) => set({ ...query, recency: v === "calendar" ? undefined : v })} />
      </Field>
    </>
  );
}
