import { traitField } from "./filter";

export const fixedColumns = ["name", "phone", "email", "channel", "first_seen", "last_seen", "events", "orders", "revenue", "id"] as const;

const shownAtFirst = new Set<string>(["name", "phone", "trait.city", "channel", "last_seen", "events", "orders", "revenue"]);
export const isShownAtFirst = (column: string): boolean => shownAtFirst.has(column);

/** Traits that have a column of their own already. */
const own = new Set(["name", "phone", "email"]);

/** Columns one may show, in the order of the list: the traits stand between who and when. */
export function columnChoices(traits: string[]): string[] {
  const [name, phone, email, ...rest] = fixedColumns;
  return [name, phone, email, ...traits.filter((t) => !own.has(t)).map(traitField), ...rest];
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

/** Whether a value is a moment, which is shown in the pool's zone rather than as it was sent. */
export const isInstant = (value: unknown): value is string => typeof value === "string" && instant.test(value) && !Number.isNaN(Date.parse(value));

/** A trait's value as one line of text. */
export function traitText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
