import type { Grain } from "../../api/types";
import { question } from "../query/question";
import type { Breakdown, Common, Group, Step } from "../query/wire";

/** Returned in exactly period k, in k or any later one, or within brackets of periods. */
export const modes = ["nth", "after", "bracket"] as const;
export type Mode = (typeof modes)[number];

/** Only the first start ever makes a cohort, or every period with a start. */
export const startings = ["first", "recurring"] as const;
export type Starts = (typeof startings)[number];

export const grains = ["day", "week", "month"] as const;

/** Periods after the start, both ends included. */
export interface Stretch {
  from: number;
  to: number;
}

export interface RetentionQuery extends Common {
  start: Step;
  /** The same as the start unless told. */
  return?: Step;
  starts?: Starts;
  grain?: Grain;
  mode?: Mode;
  /** Up to which period; by the range unless told. */
  periods?: number;
  brackets?: Stretch[];
  /** Up to which day returns count, if later than the range. */
  until?: string;
  value?: boolean;
  breakdown?: Breakdown;
}

export interface Cell {
  /** Members for whom the column is over. */
  of: number;
  /** null: the column is not over. */
  people: number | null;
  rate: number | null;
  so_far?: number;
  /** Minor units: all together, and per member. */
  amount?: number | null;
  each?: number | null;
}

export interface Row {
  /** First day of the period of the start. */
  cohort?: string;
  group?: Group;
  over: boolean;
  size: number;
  cells: Cell[];
}

export interface RetentionAnswer {
  from: string;
  to: string;
  until: string;
  grain: Grain;
  mode: Mode;
  starts: Starts;
  columns: Stretch[];
  rows: Row[];
  all: Row;
  currency?: string;
}

export interface RetentionOf {
  cohort?: string;
  group?: Group;
  column?: number;
  who: "members" | "returned" | "missing";
}

export const retention = question<RetentionQuery, RetentionAnswer, RetentionOf>("retention");
