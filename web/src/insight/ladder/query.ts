import { readSteps, wholeSteps } from "../query/steps";
import type { LadderQuery, Rung, RungKey } from "./ladder";

export const keys: RungKey[] = ["interest", "demand", "trust", "cost"];

/** What the page begins with: the last 90 days. */
export const start: LadderQuery = { last: 90 };

const text = (v: unknown): string | undefined => (typeof v === "string" && v !== "" ? v : undefined);
const day = (v: unknown): string | undefined => (typeof v === "string" && /^\d{4}-\d{2}-\d{2}$/.test(v) ? v : undefined);
const count = (v: unknown): number | undefined => (typeof v === "number" && Number.isInteger(v) && v > 0 ? v : undefined);

/** The rungs of an address; undefined unless there are all four. */
function readRungs(raw: unknown): Rung[] | undefined {
  if (!Array.isArray(raw) || raw.length !== keys.length) return undefined;
  return keys.map((key, i) => {
    const r = (raw[i] ?? {}) as { title?: unknown; steps?: unknown; means?: unknown };
    const means = Array.isArray(r.means) ? r.means.filter((m): m is string => typeof m === "string") : [];
    return { key, title: text(r.title) ?? key, steps: readSteps(Array.isArray(r.steps) ? r.steps : []), means };
  });
}

/** The query of an address, whatever it holds. */
export function read(raw: Record<string, unknown>): LadderQuery {
  return { rungs: readRungs(raw.rungs), from: day(raw.from), to: day(raw.to), last: count(raw.last), people: text(raw.people) };
}

/** Rungs as they are sent; undefined while a step lacks something. A rung may have no step. */
export function wholeRungs(rungs: Rung[]): Rung[] | undefined {
  const out: Rung[] = [];
  for (const r of rungs) {
    const chosen = r.steps.length === 0 ? [] : wholeSteps(r.steps);
    if (chosen === undefined || chosen.some((s) => s.event === "")) return undefined;
    out.push({ ...r, steps: chosen });
  }
  return out;
}

/** The query as it is sent. */
export function whole(query: LadderQuery): LadderQuery | undefined {
  if (query.rungs === undefined) return query;
  const rungs = wholeRungs(query.rungs);
  return rungs && { ...query, rungs };
}
