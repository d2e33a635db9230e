import { Checkbox, InputNumber, Segmented } from "antd";
import { useT } from "../../app/i18n";
import { BreakdownField } from "../query/BreakdownField";
import { Field } from "../query/QuestionFrame";
import { FormulasField } from "./FormulasField";
import { SeriesField } from "./SeriesField";
import { compares, isPercentile, type Compare, type TrendQuery } from "./trend";

/** What a trend asks: the series and formulas, by what they are taken apart, and what they are set beside. */
export function TrendForm({ query, set }: { query: TrendQuery; set: (next: TrendQuery) => void }) {
  const t = useT("trend");
  const events = query.series.filter((s) => !s.open && s.event !== "").map((s) => s.event);
  const percentile = query.series.some((s) => isPercentile(s.measure ?? "count"));
  return (
    <>
      <Field label={t("series.head")}>
        <SeriesField value={query.series} onChange={(series) => set({ ...query, series })} />
      </Field>
      <Field label={t("formula.head")} help={(query.formulas ?? []).length > 0 ? t("formula.help") : undefined}>
        <FormulasField value={query.formulas ?? []} letters={query.series.length} onChange={(f) => set({ ...query, formulas: f.length > 0 ? f : undefined })} />
      </Field>
      <Field label={t("breakdown")}>
        <BreakdownField value={query.breakdown} events={events} onChange={(breakdown) => set({ ...query, breakdown })} />
      </Field>
      <Field label={t("compare.head")}>
        <Segmented<Compare> block value={query.compare ?? ""} aria-label={t("compare.head")} options={compares.map((c) => ({ value: c, label: t(`compare.${c || "none"}`) }))} onChange={(c) => set({ ...query, compare: c === "" ? undefined : c })} />
      </Field>
      <Field label={t("more.head")}>
        <div className="trend-more">
          <Checkbox checked={query.cumulative === true} disabled={percentile} onChange={(e) => set({ ...query, cumulative: e.target.checked ? true : undefined })}>
            {t("more.cumulative")}
          </Checkbox>
          <label>
            {t("more.smooth")}
            <InputNumber size="small" min={0} max={90} precision={0} value={query.smooth ?? 0} aria-label={t("more.smooth")} onChange={(n) => set({ ...query, smooth: n !== null && n > 1 ? n : undefined })} />
          </label>
        </div>
      </Field>
    </>
  );
}
