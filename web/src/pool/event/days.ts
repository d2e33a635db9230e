import type { PoolEvent } from "../../api/types";

export interface Day {
  date: string;
  events: PoolEvent[];
}

/** Events in their order, cut where the day changes. dayOf gives an instant's day in the pool's zone. */
export function byDay(events: PoolEvent[], dayOf: (at: string) => string): Day[] {
  const days: Day[] = [];
  for (const e of events) {
    const date = dayOf(e.time);
    const last = days.at(-1);
    if (last?.date === date) last.events.push(e);
    else days.push({ date, events: [e] });
  }
  return days;
}

/** Puts newly arrived events before the known ones, newest first and each once. */
export function addNew(known: PoolEvent[], fresh: PoolEvent[], limit = Number.POSITIVE_INFINITY): PoolEvent[] {
  const have = new Set(known.map((e) => e.id));
  const added = fresh.filter((e) => !have.has(e.id));
  if (added.length === 0) return known;
  return [...added, ...known].sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0)).slice(0, limit);
}

export interface Row {
  key: string;
  value: string;
}

/** Nested properties as rows: products[0].name → 龙井. */
export function rowsOf(value: Record<string, unknown>, prefix = ""): Row[] {
  return Object.entries(value).flatMap(([k, v]) => flat(prefix === "" ? k : `${prefix}.${k}`, v));
}

function flat(key: string, v: unknown): Row[] {
  if (Array.isArray(v)) {
    if (v.every((x) => x === null || typeof x !== "object")) return [{ key, value: v.map(String).join(", ") }];
    return v.flatMap((x, i) => flat(`${key}[${i}]`, x));
  }
  if (v !== null && typeof v === "object") return rowsOf(v as Record<string, unknown>, key);
  return [{ key, value: v === null || v === undefined ? "" : String(v) }];
}
