import { isWholeBreakdown, readBreakdown } from "../query/BreakdownField";
import { readSteps, wholeSteps } from "../query/steps";
import type { Step } from "../query/wire";
import { grains, mostSteps, orders, type Exclusion, type FunnelQuery } from "./funnel";

/** What the page begins with: two steps to choose, a week from the first to the last, thirty days. */
export const start: FunnelQuery = { steps: [{ event: "", open: true }, { event: "", open: true }], window: "7d", last: 30 };

const text = (v: unknown): string | undefined => (typeof v === "string" && v !== "" ? v : undefined);
const count = (v: unknown): number | undefined => (typeof v === "number" && Number.isInteger(v) && v > 0 ? v : undefined);
const day = (v: unknown): string | undefined => (typeof v === "string" && /^\d{4}-\d{2}-\d{2}$/.test(v) ? v : undefined);

/** The query of an address, whatever it holds. */
export function read(raw: Record<string, unknown>): FunnelQuery {
  const steps = marked(raw.steps).slice(0, mostSteps);
  while (steps.length < 2) steps.push({ event: "", open: true });
  return {
    steps,
    window: windowText(raw.window) ?? start.window,
    order: orders.find((o) => o === raw.order),
    exclude: Array.isArray(raw.exclude) ? marked(raw.exclude).map((s, i) => between(s, (raw.exclude as Record<string, unknown>[])[i])) : undefined,
    breakdown: readBreakdown(raw.breakdown),
    grain: grains.find((g) => g === raw.grain),
    from: day(raw.from),
    to: day(raw.to),
    last: count(raw.last),
    people: text(raw.people),
  };
}

/** Steps with what only the form knows: those whose event is not chosen yet. */
function marked(raw: unknown): Step[] {
  const steps = readSteps(raw);
  return steps.map((s, i) => ((raw as { open?: unknown }[])[i]?.open === true ? { ...s, open: true } : s));
}

const between = (s: Step, raw: Record<string, unknown> | undefined): Exclusion => ({ ...s, from: count(raw?.from), to: count(raw?.to) });

/** The query as it is sent; undefined while it lacks something. */
export function whole(query: FunnelQuery): FunnelQuery | undefined {
  const steps = wholeSteps(query.steps);
  if (steps === undefined || steps.length < 2 || !isWholeBreakdown(query.breakdown) || amountOf(query.window) === undefined) return undefined;
  const n = steps.length;
  // what is not chosen yet excludes nothing; places beyond the last step are those of steps taken away
  const order = query.order === "ordered" ? undefined : query.order;
  // exclusions are for steps in order only; the form keeps them
  const exclude = (order === undefined ? (query.exclude ?? []) : []).filter((e) => !e.open).map(({ event, where, title, from, to }) => ({ event, where, title, from: from === undefined ? undefined : Math.min(from, n - 1), to: to === undefined ? undefined : Math.min(to, n) }));
  return { ...query, steps, order, exclude: exclude.length === 0 ? undefined : exclude };
}

export const units = ["m", "h", "d"] as const;
export type Unit = (typeof units)[number];

/** "7d" → 7 days. */
export function amountOf(window: string | undefined): { n: number; unit: Unit } | undefined {
  const m = /^([1-9]\d{0,4})([mhd])$/.exec(window ?? "");
  return m === null ? undefined : { n: Number(m[1]), unit: m[2] as Unit };
}

const windowText = (v: unknown): string | undefined => (typeof v === "string" && amountOf(v) !== undefined ? v : undefined);
