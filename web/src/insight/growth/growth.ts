import type { Grain } from "../../api/types";
import { question } from "../query/question";
import type { Common } from "../query/wire";

export const grains = ["day", "week", "month"] as const;

export interface GrowthQuery extends Common {
  grain?: Grain;
  /** After how many days without an activity people are silent, and lost. */
  silent_days?: number;
  lost_days?: number;
}

export interface Stock {
  people: number;
  active: number;
  silent: number;
  lost: number;
}

export interface Flow {
  new: number;
  resurrected: number;
  /** Of the resurrected, those who had been lost. */
  won_back: number;
  went_silent: number;
  went_lost: number;
  cleaned: number;
  cleaned_active: number;
  cleaned_silent: number;
}

export interface Period extends Flow {
  date: string;
  from: string;
  to: string;
  /** Whole and over. */
  over: boolean;
  retained: number;
  /** At its end. */
  stock: Stock;
  quick_ratio: number | null;
  /** People with an activity in the period. */
  seen: number;
  dau: number;
  wau: number;
  mau: number;
  stickiness: number | null;
  adds_up: boolean;
}

export interface GrowthAnswer {
  grain: Grain;
  silent_days: number;
  lost_days: number;
  before: Stock;
  periods: Period[];
  total: Flow;
  quick_ratio: number | null;
  adds_up: boolean;
}

export type Who =
  | "new"
  | "retained"
  | "resurrected"
  | "won_back"
  | "went_silent"
  | "went_lost"
  | "cleaned"
  | "people"
  | "active"
  | "silent"
  | "lost"
  | "seen"
  | "wau"
  | "mau";

/** Without a date: of the whole range, or at its end. */
export interface GrowthOf {
  date?: string;
  who: Who;
}

/** The outcome of keeping the same books once more in the warehouse. */
export interface Reconciled {
  periods: number;
  numbers: number;
  moving?: boolean;
  differences: { date: string; number: string; books: number; warehouse: number }[];
}

export const growth = question<GrowthQuery, GrowthAnswer, GrowthOf>("growth");
