// The models of rules, tags, tiers and segments, as types.ts has the others.

import type { PersonRow } from "./types";

/** A text that the server makes in both languages. */
export interface Two {
  zh: string;
  en: string;
}

export type Owner = "segment" | "tier" | "tag";

export interface Problem {
  line: number;
  column: number;
  /** In characters, not in UTF-16 units. */
  offset: number;
  length: number;
  code: string;
  message: string;
  message_zh: string;
  suggestions?: string[];
}

/** A rule on its way to the server; whose it is going to be, so that circles are seen. */
export interface RuleIn {
  text?: string;
  /** A Tree of tree.ts. */
  tree?: object;
  owner?: Owner;
  key?: string;
}

export interface Checked {
  ok: boolean;
  text: string;
  /** A Tree of tree.ts: the client's types cannot follow one that holds itself. */
  tree: object | null;
  sentence: Two;
  problems: Problem[];
  cycle: string[];
}

export interface RuleText {
  text: string;
  sentence: Two;
  problems: Problem[];
}

export interface Counted {
  count: number;
  total: number;
  samples: PersonRow[];
  took_ms: number;
  at: string;
}

export interface Actual {
  text: string;
  sentence: Two;
  /** A scalar, or null. */
  value: unknown;
  missing: boolean;
}

export interface Why {
  op: string;
  text: string;
  sentence: Two;
  holds: boolean;
  decisive: boolean;
  actual: Actual[];
  lack: Two | null;
  /** More of these: the compiler cannot compare a type that holds itself. */
  of: object[];
}

export interface Explained {
  person: number;
  holds: boolean;
  at: string;
  text: string;
  sentence: Two;
  tree: Why;
}

export type SchemaType = "text" | "number" | "bool" | "mixed";

export interface RuleSchema {
  events: { name: string; title_zh?: string; events: number; last_at: string; properties: { name: string; type: SchemaType; values: unknown[] }[] }[];
  traits: { name: string; type: SchemaType; values: unknown[] }[];
  tags: { key: string; title: string; group: string; color: string }[];
  tag_groups: { key: string; title: string; exclusive: boolean }[];
  tiers: { key: string; title: string; levels: { key: string; title: string; color: string }[] }[];
  segments: { key: string; title: string; mode: SegmentMode }[];
  kinds: { kind: string; title: string; title_zh: string }[];
  channels: string[];
  purposes: string[];
  time_zone: string;
  currency: string;
  at: string;
}

export type DefinitionState = "active" | "paused" | "archived";

export interface Rule {
  text: string;
  sentence: Two;
  problems: Problem[];
}

export interface Progress {
  state: "ready" | "waiting" | "sweeping" | "switching" | "failed";
  done: number;
  total: number;
  error: string;
}

interface About {
  version: number;
  author: string;
  created_at: string;
  updated_at: string;
}

export interface Member extends PersonRow {
  since: string;
  at?: string;
}

export type SegmentMode = "live" | "static";

export interface Segment extends About {
  key: string;
  title: string;
  description: string;
  mode: SegmentMode;
  state: DefinitionState;
  rule: Rule | null;
  people: number;
  share: number;
  entered_today: number;
  left_today: number;
  taken_at: string | null;
  /** The live segment that a snapshot was taken of. */
  of: string;
  progress: Progress;
  trend: { date: string; people: number }[];
}

export interface SegmentIn {
  key?: string;
  title: string;
  description?: string;
  rule?: string;
  mode?: SegmentMode;
  note?: string;
}

export interface SizePoint {
  date: string;
  people: number;
  entered: number;
  left: number;
}

export interface SegmentWhy extends Explained {
  in: boolean;
  since: string | null;
  note: Two | null;
}

export interface Region {
  in: string[];
  people: number;
  rule: string;
}

export interface Overlap {
  sets: { key: string; title: string; people: number }[];
  /** Exclusive: each person is in one of them. */
  regions: Region[];
  union: number;
  outside: number;
  took_ms: number;
}

export type TagMode = "manual" | "rule";

export interface Tag extends About {
  key: string;
  title: string;
  description: string;
  group: string;
  color: string;
  mode: TagMode;
  rule: Rule | null;
  expires_days: number;
  state: DefinitionState;
  people: number;
  added_today: number;
  removed_today: number;
  progress: Progress;
}

export interface TagIn {
  key?: string;
  title: string;
  description?: string;
  group?: string;
  color?: string;
  mode?: TagMode;
  rule?: string;
  expires_days?: number;
  note?: string;
}

export interface TagGroup extends About {
  key: string;
  title: string;
  description: string;
  exclusive: boolean;
  color: string;
  state: DefinitionState;
  tags: number;
}

export interface TagGroupIn {
  key?: string;
  title: string;
  description?: string;
  exclusive?: boolean;
  color?: string;
}

export interface TagPeopleIn {
  action: "add" | "remove";
  people?: number[];
  segment?: string;
  rule?: string;
  until?: string;
  note?: string;
}

export interface TagRun {
  id: number;
  tag: string;
  action: "add" | "remove";
  state: "running" | "done" | "failed";
  total: number;
  done: number;
  changed: number;
  already: number;
  replaced: number;
  unknown: number;
  author: string;
  at: string;
  error: string;
}

export interface TagBearer extends PersonRow {
  since: string;
  until: string | null;
  source: string;
  author: string;
  note: string;
}

export interface TagChange {
  at: string;
  person: number;
  name: string;
  tag: string;
  title: string;
  change: "added" | "removed" | "expired" | "replaced" | "extended";
  source: string;
  author: string;
  note: string;
}

export interface TierAction {
  on: "enter" | "leave";
  action: "tag.add" | "tag.remove";
  params: { tag: string };
}

export interface Level {
  key: string;
  title: string;
  color: string;
  rule: Rule | null;
  strategy: string;
  actions: TierAction[];
  people: number;
  share: number;
  entered_today: number;
  left_today: number;
}

export interface Cutoffs {
  by: "quantile" | "fixed";
  at: string;
  people: number;
  values: { name: string; title: Two; unit: "days" | "orders" | "money"; quantile: number | null; value: number }[];
}

export type Params = Record<string, unknown>;

export interface Tier extends About {
  key: string;
  title: string;
  description: string;
  template: string;
  params: Params | null;
  cutoffs: Cutoffs | null;
  levels: Level[];
  stay_days: number;
  grace_days: number;
  state: DefinitionState;
  people: number;
  progress: Progress;
}

export interface LevelIn {
  key: string;
  title: string;
  color?: string;
  rule?: string;
  strategy?: string;
  actions?: TierAction[];
}

export interface TierIn {
  key?: string;
  title: string;
  description?: string;
  template?: string;
  params?: Params;
  levels?: LevelIn[];
  stay_days?: number;
  grace_days?: number;
  note?: string;
}

export interface TemplateParam {
  name: string;
  title: Two;
  kind: "number" | "days" | "window" | "event" | "events" | "choice" | "money" | "numbers";
  default: unknown;
  min?: number;
  max?: number;
  choices?: string[];
}

export interface TierTemplate {
  template: string;
  title: Two;
  description: Two;
  params: TemplateParam[];
  stay_days: number;
  grace_days: number;
}

export interface TierPreview {
  levels: { key: string; title: string; color: string; rule: Rule | null; strategy: string }[];
  params: Params;
  cutoffs: Cutoffs | null;
  counts: { level: string; people: number }[];
  total: number;
}

export interface TierSize {
  levels: string[];
  items: { date: string; people: number[] }[];
}

export interface TierFlow {
  from: string;
  to: string;
  levels: { key: string; title: string; color: string }[];
  /** "" as from: not yet in the pool; "" as to: gone by a merge. */
  links: { from: string; to: string; people: number }[];
  moved: number;
  stayed: number;
  rose: number;
  fell: number;
}

export interface TierWhy {
  person: number;
  level: string;
  title: string;
  since: string | null;
  by_rule: string;
  held_by: "" | "stay" | "grace";
  until: string | null;
  levels: { key: string; title: string; holds: boolean; tree: Why | null; sentence: Two }[];
}

export interface RfmStat {
  mean: number;
  min: number;
  q1: number;
  median: number;
  q3: number;
  max: number;
  cuts: number[];
}

export interface Rfm {
  at: string;
  event: string;
  window: string;
  people: number;
  currency: string;
  recency_days: RfmStat;
  frequency: RfmStat;
  monetary: RfmStat;
  grid: { r: number; f: number; people: number; monetary: number; mean_monetary: number; rule: string }[];
}

export interface RfmPerson extends PersonRow {
  recency: number;
  frequency: number;
  monetary: number;
}

export interface Standing {
  person: number;
  at: string;
  tags: {
    key: string;
    title: string;
    group: string;
    group_title: string;
    color: string;
    mode: TagMode;
    since: string;
    until: string | null;
    source: string;
    author: string;
    note: string;
  }[];
  tiers: { key: string; title: string; level: string; level_title: string; color: string; since: string; strategy: string; held_by: "" | "stay" | "grace"; until: string | null }[];
  segments: { key: string; title: string; mode: SegmentMode; since: string }[];
}

export interface StandingChange {
  at: string;
  owner: Owner;
  key: string;
  title: string;
  from: string;
  to: string;
  from_title: string;
  to_title: string;
  cause: string;
  author: string;
}

export interface TagImported {
  rows: number;
  people: number;
  unknown_people: number;
  unknown_tags: number;
  problems: { line: number; code: "person" | "tag" | "until" | "row"; message: string }[];
  /** One for each tag. */
  runs: TagRun[];
}
