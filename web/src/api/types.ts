// The models of the API as the console uses them, with what the description cannot say (which words, what may be null).
// contract.ts has the compiler compare them with what the server describes.

export type Role = "owner" | "operator" | "analyst" | "service";

export interface User {
  id: number;
  email: string;
  name: string;
  role: Role;
  disabled: boolean;
  created_at: string;
  last_seen_at: string | null;
}

export interface PoolInfo {
  name: string;
  time_zone: string;
  currency: string;
  region: string;
  version: string;
  demo: boolean;
}

export interface Session {
  user: User;
  csrf: string;
  pool: PoolInfo;
}

export interface Key {
  id: number;
  kind: "write" | "api";
  name: string;
  role: Role | "";
  prefix: string;
  created_at: string;
  created_by: string;
  last_used_at: string | null;
  revoked_at: string | null;
}

export interface Settings {
  name: string;
  time_zone: string;
  currency: string;
  region: string;
  active_days: number;
  quarantine_after: number;
  reject_retention_days: number;
}

export interface Change {
  path: string;
  from: unknown;
  to: unknown;
}

export interface Version {
  version: number;
  author: string;
  at: string;
  note: string;
  spec: Record<string, unknown>;
  diff: Change[];
}

export interface AuditEntry {
  id: number;
  at: string;
  actor: string;
  action: string;
  target: string;
  detail: Record<string, unknown>;
}

export interface SystemHealth {
  version: string;
  uptime_s: number;
  data_bytes: number;
  log: { last: number; bytes: number };
  pool: { applied: number; lag: number };
  warehouse: { applied: number; lag: number; events: number };
  state: { dialect: string; bytes: number };
  timelines: { reached: number; durable: number; events: number; bytes: number };
  rules: { ready: boolean; units: number; owed: number; changes: number; sweeps: number; last_sweep_ms: number };
}

export type Grain = "day" | "week" | "month";

export interface Kpi {
  value: number;
  previous: number;
}

export type KpiName =
  | "people"
  | "new"
  | "active"
  | "orders"
  | "buyers"
  | "revenue"
  | "average_order"
  | "repurchase_rate"
  | "dau"
  | "wau"
  | "mau"
  | "stickiness";

export interface SeriesPoint {
  date: string;
  new: number;
  active: number;
  orders: number;
  buyers: number;
  revenue: number;
}

export interface StockPoint {
  date: string;
  people: number;
  active: number;
  silent: number;
  new: number;
  returning: number;
  went_silent: number;
  adds_up: boolean;
}

export type ChannelClass = "owned" | "partner" | "external" | "offline" | "unknown";

export interface ChannelRow {
  channel: string;
  /** "rest": the sum of the channels that are not told one by one */
  class: ChannelClass | "rest";
  people: number;
  buyers: number;
  revenue: number;
}

export interface Overview {
  range: { from: string; to: string; grain: Grain; time_zone: string };
  compare: { from: string; to: string };
  currency: string;
  fresh_at: string;
  kpis: Record<KpiName, Kpi>;
  series: SeriesPoint[];
  previous: SeriesPoint[];
  /** By day, whatever the grain. */
  stock: StockPoint[];
  /** The stock at the end, counted again straight from the events. */
  check?: { active: number; people: number; holds: boolean; position: number };
  channels: ChannelRow[];
  top_events: { name: string; events: number; people: number }[];
}

export interface Money {
  amount: number;
  currency: string;
}

export interface Totals {
  people: number;
  buyers: number;
  events: number;
  orders: number;
  cancelled: number;
  revenue: Money;
}

export interface PersonRow {
  id: number;
  name: string;
  email: string;
  phone: string;
  identified: boolean;
  channel: string;
  first_seen: string;
  last_seen: string;
  events: number;
  orders: number;
  revenue: number;
  traits: Record<string, unknown>;
}

export interface Identity {
  id: number;
  kind: string;
  scope: string;
  value: string;
  strength: "strong" | "weak";
  state: "active" | "quarantined";
  first_seen: string;
  last_seen: string;
  events: number;
}

export interface IdentityRef {
  kind: string;
  scope: string;
  value: string;
}

export interface Edge {
  id: number;
  at: string;
  kind: "link" | "merge" | "kept" | "unmerge" | "quarantine";
  a: IdentityRef;
  b: IdentityRef;
  reason: string;
  event_id: string;
  author: string;
  active: boolean;
  cut_at: string | null;
  cut_reason: string;
  cut_author: string;
}

export interface Conflict {
  id: number;
  at: string;
  kind: "different_user" | "unique_value" | "cut_before" | "shared_device";
  a: IdentityRef & { person: number };
  b: IdentityRef & { person: number };
  on: { kind: string; a_value: string; b_value: string };
  event_id: string;
  /** How often events have said it. */
  seen: number;
  state: "open" | "merged" | "dismissed";
  author: string;
}

export interface Touch {
  time: string;
  channel: string;
  class: ChannelClass;
  source: string;
  medium: string;
  campaign: string;
  referrer: string;
  landing: string;
  click_id: string;
}

export interface Person extends PersonRow {
  identities: Identity[];
  story: Edge[];
  conflicts: Conflict[];
  traits_at: Record<string, string>;
  value: {
    orders: number;
    revenue: number;
    average_order: number;
    first_order: string | null;
    last_order: string | null;
    cancelled: number;
    days_since_last_order: number | null;
  };
  first_touch: Touch | null;
  last_touch: Touch | null;
  last_event: { id: string; name: string; time: string } | null;
  daily: { date: string; events: number }[];
}

export interface PoolEvent {
  id: string;
  type: "track" | "identify" | "page" | "screen" | "group" | "alias";
  name: string;
  time: string;
  received_at: string;
  /** Number of the write key that brought it; 0 for none. */
  source: number;
  person: number;
  properties: Record<string, unknown>;
  /** What an identify call said of the person. */
  traits?: Record<string, unknown>;
  context: Record<string, unknown>;
  amount: Money | null;
}

export interface PeopleFields {
  traits: { name: string; people: number }[];
  channels: string[];
}

export interface IdentityKind {
  kind: string;
  title: string;
  title_zh: string;
  unique: boolean;
  /** A value belongs to one human; weak ones, such as cookies, may be shared. */
  strong: boolean;
  merges: boolean;
  builtin: boolean;
  trait: string;
  /** Kinds of small rank stand before others. */
  rank: number;
}

export interface IntakeStats {
  accepted_per_s: number;
  applied_per_s: number;
  lag: number;
  accepted_total: number;
  rejected_24h: number;
  last_event_at: string | null;
  per_minute: { at: string; accepted: number; rejected: number }[];
  sources: { key_id: number; name: string; events: number; last_at: string }[];
}

export interface Rejected {
  id: number;
  at: string;
  /** Name and number of the write key that brought it. */
  source: string;
  source_id: number;
  code: string;
  reason: string;
  hint: string;
  body: string;
  state: "open" | "replayed" | "dropped";
  replays: number;
  /** How often exactly this was sent. */
  times: number;
  /** Only the beginning of a very large event was kept. */
  cut: boolean;
}

export interface EventSchema {
  name: string;
  type: string;
  events: number;
  people?: number;
  first_at: string;
  last_at: string;
  properties: string[];
}

export type Preset = "people" | "events" | "order-lines";

export interface Mapping {
  [field: string]: string | Record<string, string> | undefined;
  traits?: Record<string, string>;
  properties?: Record<string, string>;
  identities?: Record<string, string>;
}

export interface ImportOptions {
  currency?: string;
  time_zone?: string;
  time_layout?: string;
  event_name?: string;
  region?: string;
  encoding?: string;
  delimiter?: string;
}

export interface ImportPlan {
  file_id: string;
  preset: Preset;
  /** Without it, the server guesses from the header. */
  mapping?: Mapping;
  options: ImportOptions;
}

export interface ImportFile {
  file_id: string;
  name: string;
  bytes: number;
  encoding: "UTF-8" | "GB18030";
  format: "csv" | "xlsx" | "jsonl";
  columns: string[];
  preview: string[][];
  preset: Preset;
  mapping: Mapping;
  options?: ImportOptions;
}

/** An event as an import would make it. */
export interface TrialEvent {
  id: string;
  type: PoolEvent["type"];
  name: string;
  time: string;
  identities: IdentityRef[];
  properties: Record<string, unknown>;
  traits: Record<string, unknown>;
  context: Record<string, unknown>;
  /** How many rows of the file it stands for. */
  rows: number;
  amount: Money | null;
}

export interface ImportPreview {
  events: TrialEvent[];
  rejects: { line: number; code: string; reason: string }[];
  problems: { field: string; message: string }[];
  /** What was guessed, where no mapping was sent. */
  mapping?: Mapping;
}

export interface Import {
  id: number;
  file: string;
  preset: Preset;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  phase: "reading" | "sending" | "applying" | "ended";
  rows: number;
  done: number;
  accepted: number;
  rejected: number;
  duplicates: number;
  bytes: number;
  bytes_done: number;
  rate_per_s: number;
  eta_s: number;
  started_at: string | null;
  finished_at: string | null;
  author: string;
  /** Why it failed: a code to look up, and what to do. */
  code: string;
  error: string;
}

export interface ImportPreset {
  preset: Preset;
  fields: { name: string; title: string; title_zh: string; required: boolean; help: string; help_zh: string }[];
}

export interface Page<T> {
  items: T[];
  next: string;
}

export interface CountedPage<T> extends Page<T> {
  total: number;
  total_exact: boolean;
}
