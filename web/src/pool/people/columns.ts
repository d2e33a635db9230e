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

/** A trait's value as one line of text. */
export function traitText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
