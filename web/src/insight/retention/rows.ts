import type { RetentionAnswer, Row } from "./retention";

/** Between which rates the depth of the water runs: those of cells that are over and do not just say that everybody was there at the start. */
export function depths(rows: Row[]): { low: number; high: number } | undefined {
  const told = rows.flatMap((r) => r.cells.flatMap((c, k) => (c.rate === null || (k === 0 && c.rate === 1) ? [] : [c.rate])));
  if (told.length === 0) return undefined;
  const low = Math.min(...told);
  return { low, high: Math.max(...told, low + 0.001) };
}

/** The rows whose curves are drawn until the reader chooses: groups, the largest first, or the oldest cohorts that have a curve to show. */
export function shownFirst(answer: RetentionAnswer): number[] {
  const told = answer.rows.map((r, i) => ({ r, i })).filter(({ r }) => r.size > 0 && r.cells.filter((c) => c.people !== null).length > 2);
  return told.slice(0, answer.rows.some((r) => r.group) ? 5 : 3).map(({ i }) => i);
}

/** The first and the last column of a way of rates: for the sentence that answers first. */
export function said(row: Row): { k: number; rate: number }[] {
  return [1, 3, 6].flatMap((k) => {
    const rate = row.cells[k]?.rate;
    return rate === null || rate === undefined ? [] : [{ k, rate }];
  });
}
