/** A bin: values over one figure, up to and with another. The first has nothing below it, the last no end. */
export interface Bound {
  /** -1 for the first. */
  over: number;
  to?: number;
}

/** The bins that the cuts make, lowest first: [12, 28] → up to 12, over 12 up to 28, over 28. */
export function bounds(cuts: number[]): Bound[] {
  return [...cuts.map((to, i) => ({ over: cuts[i - 1] ?? -1, to })), { over: cuts.at(-1) ?? -1 }];
}
