import type { PoolEvent } from "../../api/types";
import { addNew } from "../../pool/event/days";

/** What the live view holds: the events shown, and those that wait while it is paused. */
export interface Buffer {
  shown: PoolEvent[];
  waiting: PoolEvent[];
  paused: boolean;
}

export const shownLimit = 200;

export const emptyBuffer: Buffer = { shown: [], waiting: [], paused: false };

/** Takes in a batch: to the top, or aside while paused. The oldest beyond the limit are let go. */
export const take = (b: Buffer, fresh: PoolEvent[]): Buffer =>
  b.paused ? { ...b, waiting: addNew(b.waiting, newTo(b.shown, fresh), shownLimit) } : { ...b, shown: addNew(b.shown, fresh, shownLimit) };

export const pause = (b: Buffer, paused: boolean): Buffer =>
  paused ? { ...b, paused } : { shown: addNew(b.shown, b.waiting, shownLimit), waiting: [], paused };

function newTo(known: PoolEvent[], fresh: PoolEvent[]): PoolEvent[] {
  const have = new Set(known.map((e) => e.id));
  return fresh.filter((e) => !have.has(e.id));
}

/** Whether an event holds the words, anywhere: name, source, properties, context. */
export function matches(e: PoolEvent, words: string, title: string): boolean {
  const all = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (all.length === 0) return true;
  const text = `${title} ${JSON.stringify(e)}`.toLowerCase();
  return all.every((w) => text.includes(w));
}
