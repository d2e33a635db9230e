import { grains, type GrowthAnswer, type GrowthQuery, type Period } from "./growth";

/** What the page begins with: ninety days, week by week. */
export const start: GrowthQuery = { last: 90, grain: "week" };

const text = (v: unknown): string | undefined => (typeof v === "string" && v !== "" ? v : undefined);
const count = (v: unknown, most: number): number | undefined => (typeof v === "number" && Number.isInteger(v) && v > 0 && v <= most ? v : undefined);
const day = (v: unknown): string | undefined => (typeof v === "string" && /^\d{4}-\d{2}-\d{2}$/.test(v) ? v : undefined);

/** The query of an address, whatever it holds. */
export function read(raw: Record<string, unknown>): GrowthQuery {
  return {
    grain: grains.find((g) => g === raw.grain),
    silent_days: count(raw.silent_days, 365),
    lost_days: count(raw.lost_days, 730),
    from: day(raw.from),
    to: day(raw.to),
    last: count(raw.last, 3660),
    people: text(raw.people),
  };
}

/** The query as it is sent; undefined while people would be lost before they are silent. */
export const whole = (query: GrowthQuery): GrowthQuery | undefined =>
  query.silent_days !== undefined && query.lost_days !== undefined && query.lost_days <= query.silent_days ? undefined : query;

/** The account of the active stock over the whole range: what it was, what came and went, what it is; and whether that is so. */
export function account(a: GrowthAnswer) {
  const end = a.periods.at(-1)?.stock ?? a.before;
  const { total } = a;
  const even = a.before.active + total.new + total.resurrected - total.went_silent - total.cleaned_active === end.active && a.before.people + total.new - total.cleaned === end.people;
  return { start: a.before, end, even: even && a.adds_up, off: a.periods.filter((p) => !p.adds_up).map((p) => p.date) };
}

/** The last period that is whole and over; else the last. */
export const newest = (periods: Period[]): Period | undefined => periods.findLast((p) => p.over) ?? periods.at(-1);
