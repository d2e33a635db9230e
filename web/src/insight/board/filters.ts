import type { Filters } from "../../api/boards";

const day = (v: unknown): string | undefined => (typeof v === "string" && /^\d{4}-\d\d-\d\d$/.test(v) ? v : undefined);

/** The filters of an address; undefined if there are none or they are none. */
export function readFilters(raw: unknown): Filters | undefined {
  let value = raw;
  if (typeof value === "string")
    try {
      value = JSON.parse(value);
    } catch {
      return undefined;
    }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { from, to, last, compare, people, channel } = value as Record<string, unknown>;
  return tidy({
    from: day(from),
    to: day(to),
    last: typeof last === "number" && last > 0 && last <= 3660 ? Math.floor(last) : undefined,
    compare: compare === true || undefined,
    people: typeof people === "string" && people !== "" ? people : undefined,
    channel: typeof channel === "string" && channel !== "" ? channel : undefined,
  });
}

/** Without what says nothing, so that equal filters are equal texts. */
export function tidy(f: Filters): Filters {
  const out: Filters = {};
  if (f.from) out.from = f.from;
  if (f.to) out.to = f.to;
  if (f.last && !f.from) out.last = f.last;
  if (f.compare) out.compare = true;
  if (f.people) out.people = f.people;
  if (f.channel) out.channel = f.channel;
  return out;
}

export const sameFilters = (a: Filters, b: Filters): boolean => JSON.stringify(tidy(a)) === JSON.stringify(tidy(b));

/** Whether they name days; if not, every chart has its own. */
export const hasDays = (f: Filters): boolean => f.from !== undefined || f.last !== undefined;
