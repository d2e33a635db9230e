import { isWholeBreakdown, readBreakdown } from "../query/BreakdownField";
import { readSteps } from "../query/steps";
import type { Common, Step } from "../query/wire";
import { figures, pairings, type DistributionQuery, type IntervalQuery, type RfmQuery, type StickinessQuery } from "./wire";

const text = (v: unknown): string | undefined => (typeof v === "string" && v !== "" ? v : undefined);
const count = (v: unknown): number | undefined => (typeof v === "number" && Number.isInteger(v) && v > 0 ? v : undefined);
const day = (v: unknown): string | undefined => (typeof v === "string" && /^\d{4}-\d{2}-\d{2}$/.test(v) ? v : undefined);
const open: Step = { event: "", open: true };

function common(raw: Record<string, unknown>): Common {
  return { from: day(raw.from), to: day(raw.to), last: count(raw.last), people: text(raw.people) };
}

/** A step of an address, with what only the form knows: that its event is not chosen yet. */
function stepOf(raw: unknown, otherwise: Step): Step {
  const [step] = readSteps([raw]);
  if (step === undefined) return otherwise;
  return (raw as { open?: unknown }).open === true ? { ...step, open: true } : step;
}

/** A step as it is sent; undefined while its event is not chosen. */
const sent = (s: Step | undefined): Step | undefined => (s === undefined || s.open ? undefined : { event: s.event, ...(s.where && { where: s.where }), ...(s.title && { title: s.title }) });

/** Bounds of bins: rising numbers; undefined if they are none. */
export function edgesOf(raw: unknown): number[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  const list = raw.filter((n): n is number => typeof n === "number" && Number.isFinite(n));
  return list.length > 0 && list.every((n, i) => i === 0 || n > (list[i - 1] ?? n)) ? list : undefined;
}

/** "1, 5, 20" → [1, 5, 20]; undefined while it is no rising list. */
export function readList(typed: string): number[] | undefined {
  const parts = typed.split(/[,，、\s]+/).filter((p) => p !== "");
  return parts.some((p) => Number.isNaN(Number(p))) ? undefined : edgesOf(parts.map(Number));
}

export const startDistribution: DistributionQuery = { figure: "times", step: open, last: 90 };

export function readDistribution(raw: Record<string, unknown>): DistributionQuery {
  return { ...common(raw), figure: figures.find((f) => f === raw.figure) ?? "times", step: stepOf(raw.step, open), name: text(raw.name), edges: edgesOf(raw.edges), breakdown: readBreakdown(raw.breakdown) };
}

export function wholeDistribution(q: DistributionQuery): DistributionQuery | undefined {
  const figure = q.figure ?? "times";
  const named = figure === "sum" || figure === "property" || figure === "trait";
  const step = sent(q.step);
  if ((named && !q.name) || (figure !== "trait" && step === undefined) || !isWholeBreakdown(q.breakdown)) return undefined;
  return { ...q, figure, step: figure === "trait" ? undefined : step, name: named ? q.name : undefined };
}

export const startStickiness: StickinessQuery = { step: { event: "" }, grain: "week", last: 90 };

export function readStickiness(raw: Record<string, unknown>): StickinessQuery {
  return { ...common(raw), step: stepOf(raw.step, { event: "" }), grain: raw.grain === "month" ? "month" : "week" };
}

export function wholeStickiness(q: StickinessQuery): StickinessQuery | undefined {
  const step = sent(q.step);
  return step === undefined ? undefined : { ...q, step };
}

export const startInterval: IntervalQuery = { start: { event: "Order Completed" }, end: { event: "Order Completed" }, last: 365 };

export function readInterval(raw: Record<string, unknown>): IntervalQuery {
  return {
    ...common(raw), start: stepOf(raw.start, open), end: stepOf(raw.end, open), pair: pairings.find((p) => p !== "every" && p === raw.pair), within: count(raw.within), edges: edgesOf(raw.edges),
    breakdown: readBreakdown(raw.breakdown),
  };
}

export function wholeInterval(q: IntervalQuery): IntervalQuery | undefined {
  const [start, end] = [sent(q.start), sent(q.end)];
  return start === undefined || end === undefined || !isWholeBreakdown(q.breakdown) ? undefined : { ...q, start, end };
}

export const startRfm: RfmQuery = { step: { event: "Order Completed" }, bins: 5, last: 365 };

export function readRfm(raw: Record<string, unknown>): RfmQuery {
  const [recent, often, much] = [edgesOf(raw.recent), edgesOf(raw.often), edgesOf(raw.much)];
  return { ...common(raw), step: stepOf(raw.step, { event: "Order Completed" }), recency: raw.recency === "elapsed" ? "elapsed" : undefined, bins: Math.min(10, Math.max(2, count(raw.bins) ?? 5)), recent, often, much };
}

/** Fixed cuts need as many of each figure; else quantiles are taken. */
export function wholeRfm(q: RfmQuery): RfmQuery | undefined {
  const step = sent(q.step);
  if (step === undefined || step.event === "") return undefined;
  const n = q.recent?.length ?? 0;
  const fixed = n > 0 && q.often?.length === n && q.much?.length === n;
  if (!fixed && (q.recent || q.often || q.much)) return undefined;
  return { ...q, step, bins: fixed ? undefined : q.bins };
}
