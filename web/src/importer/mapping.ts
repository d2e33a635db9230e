import type { ImportPreset, ImportOptions, Mapping, Preset } from "../api/types";

export type Field = ImportPreset["fields"][number];

/** What a column that is no field becomes. */
export interface Extra {
  as: "trait" | "property" | "identity";
  name: string;
}

const groups = { trait: "traits", property: "properties", identity: "identities" } as const;

/** Fields that say who it is; any one of them will do. */
export const whoFields = ["customer", "user_id", "member_no", "phone", "email", "unionid", "openid", "external_userid"];

export function columnOf(m: Mapping, field: string): string | undefined {
  const column = m[field];
  return typeof column === "string" && column !== "" ? column : undefined;
}

/** Gives a field its column, or takes it away; a column that was kept as something else is so no longer. */
export function withField(m: Mapping, field: string, column: string | undefined): Mapping {
  const next = column === undefined ? { ...m } : withExtra(m, column, undefined);
  if (column === undefined) delete next[field];
  else next[field] = column;
  return next;
}

export function extraOf(m: Mapping, column: string): Extra | undefined {
  for (const [as, group] of Object.entries(groups) as [Extra["as"], (typeof groups)[Extra["as"]]][]) {
    const hit = Object.entries(m[group] ?? {}).find(([, c]) => c === column);
    if (hit !== undefined) return { as, name: hit[0] };
  }
  return undefined;
}

/** Keeps a column as a trait, property or identity, or leaves it out. A name is there once: the column that had it gives way. */
export function withExtra(m: Mapping, column: string, extra: Extra | undefined): Mapping {
  const next: Mapping = { ...m };
  for (const group of Object.values(groups)) {
    const rest = Object.fromEntries(Object.entries(m[group] ?? {}).filter(([, c]) => c !== column));
    if (extra !== undefined && groups[extra.as] === group) rest[extra.name] = column;
    if (Object.keys(rest).length > 0) next[group] = rest;
    else delete next[group];
  }
  return next;
}

/** The columns that no field takes, in the order of the file. */
export function otherColumns(columns: string[], fields: Field[], m: Mapping): string[] {
  const taken = new Set(fields.map((f) => columnOf(m, f.name)));
  return columns.filter((c) => !taken.has(c));
}

/** The required fields that nothing fills yet. Any identity may stand in for the customer. */
export function missing(preset: Preset, fields: Field[], m: Mapping, o: ImportOptions): string[] {
  const who = whoFields.some((f) => columnOf(m, f) !== undefined) || Object.keys(m.identities ?? {}).length > 0;
  const out = fields.filter((f) => f.required && !whoFields.includes(f.name) && columnOf(m, f.name) === undefined).map((f) => f.name);
  if (!who) out.push("who");
  if (preset === "events" && columnOf(m, "event") === undefined && !o.event_name) out.push("event");
  return out;
}

/** A file that says by itself what is what, such as an export of events: nothing is to be mapped. */
export const saysItself = (format: string, preset: Preset, m: Mapping): boolean =>
  format === "jsonl" && preset !== "order-lines" && Object.values(m).every((v) => v === undefined || v === "" || (typeof v === "object" && Object.keys(v).length === 0));

/** Headers made comparable: letters and digits only, small, nothing in brackets at the end. */
export const squeeze = (header: string): string =>
  header
    .replace(/(.)[([（【].*$/, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");

/** A first mapping for another preset: what is sure from before is kept, the rest found by the fields' names. */
export function suggest(preset: Preset, fields: Field[], columns: string[], before: Mapping): Mapping {
  const m: Mapping = {};
  const taken = new Set<string>();
  const put = (field: string, column: string | undefined) => {
    if (column === undefined || taken.has(column)) return;
    m[field] = column;
    taken.add(column);
  };
  for (const f of fields) put(f.name, columnOf(before, f.name) ?? before.identities?.[f.name]);
  for (const f of fields) {
    if (columnOf(m, f.name) === undefined) put(f.name, columns.find((c) => !taken.has(c) && [f.name, f.title, f.title_zh].some((w) => squeeze(w) === squeeze(c))));
  }
  const group = preset === "people" ? "traits" : "properties";
  const rest = Object.fromEntries(columns.filter((c) => !taken.has(c)).map((c) => [nameFor(c), c]));
  if (Object.keys(rest).length > 0) m[group] = rest;
  return m;
}

const known: Record<string, string> = {
  姓名: "name", 名字: "name", 会员姓名: "name", 客户姓名: "name", 昵称: "nickname", 性别: "gender", 生日: "birthday", 出生日期: "birthday", 年龄: "age", 城市: "city", 所在城市: "city", 省份: "province", 省: "province", 国家: "country", 地址: "address", 会员等级: "member_level", 等级: "member_level", 公司: "company", 门店: "store",
};

/** The name a column is kept under: the usual one for what most files have, else its own, small and joined where it is Latin. */
export function nameFor(column: string): string {
  const word = known[squeeze(column)];
  if (word !== undefined) return word;
  const trimmed = column.trim();
  return /^[\x20-\x7e]+$/.test(trimmed) ? trimmed.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_|_$/g, "").toLowerCase() || trimmed : trimmed;
}

/** Some values of a column, to recognise it by. */
export function samples(columns: string[], rows: string[][], column: string, count = 3): string[] {
  const at = columns.indexOf(column);
  return at < 0 ? [] : [...new Set(rows.map((r) => r[at] ?? "").filter((v) => v.trim() !== ""))].slice(0, count);
}
