import { readSteps, wholeSteps } from "../query/steps";
import type { Step } from "../query/wire";
import { directions, mostSteps, whiches, type PathNode, type PathOf, type PathQuery, type PathRef } from "./path";

/** What the page begins with: an event to choose, the five things after it, thirty days. */
export const start: PathQuery = { anchor: { event: "", open: true }, collapse: true, last: 30 };

const text = (v: unknown): string | undefined => (typeof v === "string" && v !== "" ? v : undefined);
const count = (v: unknown): number | undefined => (typeof v === "number" && Number.isInteger(v) && v > 0 ? v : undefined);
const day = (v: unknown): string | undefined => (typeof v === "string" && /^\d{4}-\d{2}-\d{2}$/.test(v) ? v : undefined);
const share = (v: unknown): number | undefined => (typeof v === "number" && v >= 0 && v <= 0.5 ? v : undefined);

/** The query of an address, whatever it holds. */
export function read(raw: Record<string, unknown>): PathQuery {
  const steps = count(raw.steps);
  const without = Array.isArray(raw.without) ? raw.without.filter((w): w is string => typeof w === "string" && w !== "") : [];
  return {
    anchor: anchorOf(raw.anchor),
    direction: directions.find((d) => d === raw.direction),
    which: whiches.find((w) => w === raw.which),
    steps: steps === undefined ? undefined : Math.min(steps, mostSteps),
    collapse: raw.collapse === true ? true : undefined,
    gap: gapOf(text(raw.gap)) === undefined ? undefined : text(raw.gap),
    min_share: share(raw.min_share),
    without: without.length === 0 ? undefined : without,
    from: day(raw.from),
    to: day(raw.to),
    last: count(raw.last),
    people: text(raw.people),
  };
}

function anchorOf(raw: unknown): Step {
  const [step] = readSteps([raw]);
  if (step === undefined) return { event: "", open: true };
  return (raw as { open?: unknown }).open === true ? { ...step, open: true } : step;
}

/** The query as it is sent; undefined while it lacks its event. */
export function whole(query: PathQuery): PathQuery | undefined {
  const anchor = wholeSteps([query.anchor])?.[0];
  if (anchor === undefined) return undefined;
  const without = (query.without ?? []).filter((name) => name !== anchor.event);
  return { ...query, anchor, without: without.length === 0 ? undefined : without };
}

export const units = ["m", "h", "d"] as const;
export type Unit = (typeof units)[number];

/** "30m" → 30 minutes. */
export function gapOf(gap: string | undefined): { n: number; unit: Unit } | undefined {
  const m = /^([1-9]\d{0,4})([mhd])$/.exec(gap ?? "");
  return m === null ? undefined : { n: Number(m[1]), unit: m[2] as Unit };
}

export const refOf = (n: PathNode): PathRef => ({ what: n.what, ...(n.what === "event" && n.event !== undefined && { event: n.event }) });

/** The number that a node is. */
export const ofNode = (n: PathNode): PathOf => ({ step: n.step, node: refOf(n) });

/** The number that a link is. */
export const ofLink = (from: PathNode, to: PathNode): PathOf => ({ step: from.step, node: refOf(from), next: refOf(to) });
