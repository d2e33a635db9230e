import type { Import } from "../api/types";

/** How much is done, 0 to 100. Reading is most of the work; sending and applying are what is left of it. */
export function percent(i: Import): number {
  if (i.state === "done") return 100;
  const read = i.bytes > 0 ? i.bytes_done / i.bytes : i.rows > 0 ? i.done / i.rows : 0;
  const part = i.phase === "sending" ? 0.95 : i.phase === "applying" ? 0.98 : Math.min(1, read) * 0.95;
  return Math.floor(part * 1000) / 10;
}

export const isRunning = (i: Import): boolean => i.state === "running" || i.state === "waiting";

/** Seconds from start to end; undefined until it ended. */
export function took(i: Import): number | undefined {
  if (i.started_at === null || i.finished_at === null) return undefined;
  return Math.max(0, (Date.parse(i.finished_at) - Date.parse(i.started_at)) / 1000);
}

/** How an import ended, in one word: everything in, everything there already, some refused, nothing usable. */
export function outcome(i: Import): "all" | "again" | "some" | "none" {
  if (i.accepted === 0 && i.duplicates > 0 && i.rejected === 0) return "again";
  if (i.rejected === 0) return "all";
  return i.accepted === 0 && i.duplicates === 0 ? "none" : "some";
}
