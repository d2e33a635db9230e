import { isWholeBreakdown, readBreakdown } from "../query/BreakdownField";
import { readSteps } from "../query/steps";
import { compares, grains, isPercentile, measures, ofValues, revenue, type Formula, type Series, type TrendQuery } from "./trend";

export const mostSeries = 10;

/** What the page begins with: people who did anything, day by day. */
export const start: TrendQuery = { series: [{ event: "", measure: "people" }], last: 30 };

const text = (v: unknown): string | undefined => (typeof v === "string" && v !== "" ? v : undefined);
const count = (v: unknown): number | undefined => (typeof v === "number" && Number.isInteger(v) && v > 0 ? v : undefined);
const day = (v: unknown): string | undefined => (typeof v === "string" && /^\d{4}-\d{2}-\d{2}$/.test(v) ? v : undefined);
const objects = (v: unknown): Record<string, unknown>[] => (Array.isArray(v) ? v.filter((o): o is Record<string, unknown> => typeof o === "object" && o !== null) : []);

/** The query of an address, whatever it holds. */
export function read(raw: Record<string, unknown>): TrendQuery {
  const series = objects(raw.series).flatMap((o): Series[] => {
    const [step] = readSteps([o]);
    if (step === undefined) return [];
    return [{ ...step, ...(o.open === true && { open: true }), measure: measures.find((m) => m === o.measure) ?? "count", of: text(o.of) }];
  });
  const formulas = objects(raw.formulas).flatMap((o): Formula[] => (typeof o.text === "string" ? [{ text: o.text, title: text(o.title), ...(o.percent === true && { percent: true }) }] : []));
  return {
    series: series.length > 0 ? series.slice(0, mostSeries) : start.series,
    formulas: formulas.length > 0 ? formulas.slice(0, mostSeries) : undefined,
    grain: grains.find((g) => g === raw.grain),
    breakdown: readBreakdown(raw.breakdown),
    compare: compares.find((c) => c !== "" && c === raw.compare),
    cumulative: raw.cumulative === true ? true : undefined,
    smooth: count(raw.smooth),
    from: day(raw.from),
    to: day(raw.to),
    last: count(raw.last),
    people: text(raw.people),
  };
}

/** The query as it is sent; undefined while it lacks something. */
export function whole(q: TrendQuery): TrendQuery | undefined {
  if (q.series.some((s) => s.open || (ofValues(s.measure ?? "count") && s.of === undefined)) || !isWholeBreakdown(q.breakdown)) return undefined;
  const series = q.series.map(({ event, where, title, measure = "count", of }) => ({ event, ...(where && { where }), ...(title && { title }), measure, ...(ofValues(measure) && { of }) }));
  const formulas = (q.formulas ?? []).filter((f) => f.text.trim() !== "").map(({ text, title, percent }) => ({ text, ...(title && { title }), ...(percent && { percent }) }));
  return {
    ...q,
    series,
    formulas: formulas.length > 0 ? formulas : undefined,
    // a percentile has no running value
    cumulative: q.cumulative && !series.some((s) => isPercentile(s.measure)) ? true : undefined,
    smooth: q.smooth !== undefined && q.smooth > 1 ? q.smooth : undefined,
  };
}

/** Another event has other properties; the amount is there for every one. */
export function withEvent(s: Series, event: string): Series {
  if (!s.open && s.event === event) return s;
  return { event, title: s.title, measure: s.measure, of: s.of === revenue ? revenue : undefined };
}
