import type { Grain, StockPoint } from "../../api/types";
import { bucketStart } from "./links";

/** Gathers days into the grain's buckets: stocks as on the last day, flows summed. */
export function gather(days: StockPoint[], grain: Grain): StockPoint[] {
  const out = new Map<string, StockPoint>();
  for (const d of days) {
    const date = bucketStart(d.date, grain);
    const had = out.get(date);
    out.set(date, {
      ...d,
      date,
      new: d.new + (had?.new ?? 0),
      returning: d.returning + (had?.returning ?? 0),
      went_silent: d.went_silent + (had?.went_silent ?? 0),
      adds_up: d.adds_up && (had?.adds_up ?? true),
    });
  }
  return [...out.values()];
}

/** Sums the flows of a period and checks them against the stock at both ends and on each day. */
export function account(stock: StockPoint[]) {
  const sum = (k: "new" | "returning" | "went_silent") => stock.reduce((n, s) => n + s[k], 0);
  const first = stock[0];
  const last = stock.at(-1);
  const flows = { new: sum("new"), returning: sum("returning"), went_silent: sum("went_silent") };
  if (first === undefined || last === undefined) return { start: 0, end: 0, ...flows, even: true, off: [] as string[] };
  const start = first.active - first.new - first.returning + first.went_silent;
  const even = start + flows.new + flows.returning - flows.went_silent === last.active;
  return { start, end: last.active, ...flows, even, off: stock.filter((s) => !s.adds_up).map((s) => s.date) };
}
