// The models of boards, saved charts, reports and links, as types.ts has the others.

import type { Result } from "../insight/query/wire";
import type { DefinitionState } from "./rules";

export type ShelfState = Exclude<DefinitionState, "paused">;

/** "": as its kind's own page draws it. */
export type Drawing = "" | "table" | "figures";

/** What holds for every chart of a board; what is left out leaves a chart as it is. */
export interface Filters {
  from?: string;
  to?: string;
  last?: number;
  compare?: boolean;
  people?: string;
  channel?: string;
}

export interface About {
  version: number;
  author: string;
  created_at: string;
  updated_at: string;
}

export interface SavedChart extends About {
  key: string;
  title: string;
  description: string;
  kind: string;
  /** The question, with its kind. */
  query: unknown;
  draw: Drawing;
  state: ShelfState;
  boards: { key: string; title: string }[];
}

export interface ChartIn {
  title: string;
  description?: string;
  query: unknown;
  draw?: Drawing;
  board?: string;
  note?: string;
}

/** Something on a board, at its place on the grid of twelve columns. */
export interface Item {
  id: string;
  x: number;
  y: number;
  w: number;
  h: number;
  chart?: string;
  text?: string;
}

export interface Board extends About {
  key: string;
  title: string;
  description: string;
  items: Item[];
  filters: Filters;
  state: ShelfState;
  charts: SavedChart[];
}

export interface BoardIn {
  title: string;
  description?: string;
  items: Item[];
  filters: Filters;
  note?: string;
}

/** A number over time: its last value, how that changed, and a bar for each moment, 1 to 36 high. */
export interface FigureOver {
  name: string;
  value: string;
  change: string;
  rises: boolean;
  bars: number[];
}

export interface RowsOf {
  columns: string[];
  numeric: boolean[];
  rows: { value: string; bar?: number }[][];
  more: number;
}

/** A chart that was asked. */
export interface Drawn {
  title: string;
  draw: Drawing;
  query: unknown;
  result: Result<unknown>;
  before: Result<unknown> | null;
  table: RowsOf | null;
  figures: FigureOver[];
}

export interface BoardTemplate {
  name: string;
  charts: number;
}

export interface Share {
  id: number;
  board: string;
  title: string;
  password: boolean;
  filters: Filters;
  author: string;
  created_at: string;
  expires_at: string;
  revoked_at: string | null;
  revoked_by: string;
  opened: number;
  opened_at: string | null;
}

export interface ShareIn {
  title?: string;
  expires_at: string;
  password?: string;
  filters?: Filters;
}

export interface Visit {
  token: string;
  password?: string;
  pass?: string;
}

export interface SharedItem extends Item {
  title: string;
  description: string;
  kind: string;
}

export interface SharedBoard {
  title: string;
  description: string;
  pool: string;
  time_zone: string;
  currency: string;
  items: SharedItem[];
  filters: Filters;
  expires_at: string;
  pass: string;
}

export type Rhythm = "daily" | "weekly" | "monthly";

export interface Plan {
  every: Rhythm;
  /** 1 Monday … 7 Sunday. */
  weekday?: number;
  day?: number;
  hour: number;
}

export interface Report extends About {
  key: string;
  title: string;
  board: string;
  plan: Plan;
  recipients: string[];
  lang: string;
  state: DefinitionState;
  owner: string;
  next_at: string | null;
  failures: number;
  stopped: boolean;
}

export interface ReportIn {
  title: string;
  plan: Plan;
  recipients: string[];
  lang: "zh-CN" | "en";
  address?: string;
}

export type DeliveryState = "sending" | "sent" | "partly" | "failed";

export interface Delivery {
  id: number;
  cause: string;
  author: string;
  due_at: string;
  state: string;
  attempts: number;
  error: string;
  began_at: string;
  ended_at: string | null;
  recipients: { address: string; state: string; error: string; at: string | null }[];
}

export interface Letter {
  subject: string;
  html: string;
  text: string;
}
