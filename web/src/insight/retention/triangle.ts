import type { Retention } from "../../api/types";

export type Cohort = Retention["cohorts"][number];

export interface Cell {
  count: number;
  rate: number;
  /** The month is not over: the figure can still rise, and stays out of averages. */
  open: boolean;
}

/** The month k months after a month: ("2025-11", 3) → "2026-02". */
export function monthAfter(month: string, k: number): string {
  const [y = 0, m = 1] = month.split("-").map(Number);
  const at = y * 12 + (m - 1) + k;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
}

export function cells(c: Cohort, thisMonth: string): Cell[] {
  return c.counts.map((count, k) => ({
    count,
    rate: c.size === 0 ? 0 : count / c.size,
    open: monthAfter(c.cohort, k) >= thisMonth,
  }));
}

/** For each k, of everyone whose month k is over, the share that came back in it; null where no cohort is that old. */
export function average(cohorts: Cohort[], thisMonth: string): (number | null)[] {
  const longest = Math.max(0, ...cohorts.map((c) => c.counts.length));
  return Array.from({ length: longest }, (_, k) => {
    let back = 0;
    let all = 0;
    for (const c of cohorts) {
      const count = c.counts[k];
      if (count === undefined || monthAfter(c.cohort, k) >= thisMonth) continue;
      back += count;
      all += c.size;
    }
    return all === 0 ? null : back / all;
  });
}
