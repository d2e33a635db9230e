import { many, one } from "../../app/search";

export const ops = ["eq", "ne", "contains", "gte", "lte", "set", "unset"] as const;
export type Op = (typeof ops)[number];

/** One condition of the people list; all of them must hold. */
export interface Filter {
  field: string;
  op: Op;
  /** As the API takes it: a day, a whole number (revenue in minor units), "true"/"false" or text. Empty for set and unset. */
  value: string;
}

export type FieldType = "day" | "count" | "money" | "yes_no" | "channel" | "class" | "trait";

export const fixedFields: Record<string, FieldType> = {
  last_seen: "day",
  first_seen: "day",
  last_order: "day",
  events: "count",
  orders: "count",
  revenue: "money",
  identified: "yes_no",
  channel: "channel",
  class: "class",
};

/** The classes of channels, as the first touch has them. */
export const channelClasses = ["owned", "partner", "external", "offline", "unknown"] as const;

export const traitField = (trait: string): string => `trait.${trait}`;
export const traitOf = (field: string): string | undefined => (field.startsWith("trait.") ? field.slice(6) : undefined);

export function fieldType(field: string): FieldType | undefined {
  return traitOf(field) ? "trait" : fixedFields[field];
}

const opsByType: Record<FieldType, readonly Op[]> = {
  day: ["gte", "lte", "eq"],
  count: ["gte", "lte", "eq", "ne"],
  money: ["gte", "lte", "eq"],
  yes_no: ["eq"],
  channel: ["eq", "ne", "contains", "set", "unset"],
  class: ["eq", "ne"],
  trait: ["eq", "contains", "ne", "gte", "lte", "set", "unset"],
};

/** The comparisons that make sense for a field, the likeliest first. */
export const opsOf = (field: string): readonly Op[] => opsByType[fieldType(field) ?? "trait"];

export const takesValue = (op: Op): boolean => op !== "set" && op !== "unset";

/** Whether the condition can be sent: a field we know, a comparison it has, a value that reads. */
export function isComplete(f: Filter): boolean {
  const type = fieldType(f.field);
  if (type === undefined || !opsByType[type].includes(f.op)) return false;
  if (!takesValue(f.op)) return true;
  switch (type) {
    case "day":
      return /^\d{4}-\d{2}-\d{2}$/.test(f.value);
    case "count":
    case "money":
      return /^-?\d+$/.test(f.value);
    case "yes_no":
      return f.value === "true" || f.value === "false";
    case "class":
      return channelClasses.some((c) => c === f.value);
    default:
      return f.value.trim() !== "";
  }
}

/** field:op:value, the form of the API's f parameter and of the address bar. */
export const writeFilter = (f: Filter): string => `${f.field}:${f.op}:${takesValue(f.op) ? f.value : ""}`;

const split = new RegExp(`^(.+?):(${ops.join("|")})(?::(.*))?$`, "s");

/** Reads field:op:value; a trait's name and the value may hold colons. Undefined for what cannot be sent. */
export function readFilter(text: string): Filter | undefined {
  const m = split.exec(text);
  if (m === null) return undefined;
  const f: Filter = { field: m[1] ?? "", op: m[2] as Op, value: m[3] ?? "" };
  if (!takesValue(f.op)) f.value = "";
  return isComplete(f) ? f : undefined;
}

export const sortFields = ["last_seen", "first_seen", "events", "orders", "revenue"] as const;
export const defaultSort = "-last_seen";

/** The part of the address that says what the list shows. */
export interface PeopleSearch {
  q?: string;
  f?: string[];
  sort?: string;
}

export function validatePeopleSearch(s: Record<string, unknown>): PeopleSearch {
  const f = many(s.f)?.filter((text) => readFilter(text) !== undefined);
  const sort = one(s.sort);
  return {
    q: one(s.q),
    f: f?.length ? f : undefined,
    sort: sort !== undefined && sort !== defaultSort && (sortFields as readonly string[]).includes(sort.replace(/^-/, "")) ? sort : undefined,
  };
}

export const filtersOf = (s: PeopleSearch): Filter[] => (s.f ?? []).flatMap((text) => readFilter(text) ?? []);

/** The address with these conditions; equal ones are kept once. */
export function withFilters(s: PeopleSearch, filters: Filter[]): PeopleSearch {
  const f = [...new Set(filters.filter(isComplete).map(writeFilter))];
  return { ...s, f: f.length > 0 ? f : undefined };
}

/** The query of /people/export.csv for what the list shows. */
export function exportQuery(s: PeopleSearch, columns: string[]): string {
  const params = new URLSearchParams();
  if (s.q) params.set("q", s.q);
  for (const text of s.f ?? []) params.append("f", text);
  params.set("sort", s.sort ?? defaultSort);
  params.set("columns", columns.join(","));
  return params.toString();
}
