import { question } from "../query/question";
import type { Breakdown, Common, Group, Step } from "../query/wire";

export const measures = ["count", "people", "per_person", "sum", "average", "min", "max", "p50", "p75", "p90", "p95", "p99"] as const;
export type Measure = (typeof measures)[number];

/** Measures of a number that events carry. */
export const ofValues = (m: Measure): boolean => m !== "count" && m !== "people" && m !== "per_person";
export const isPercentile = (m: Measure): boolean => /^p\d\d$/.test(m);

/** The property that stands for the event's amount. */
export const revenue = "revenue";

export const grains = ["hour", "day", "week", "month"] as const;
export type Grain = (typeof grains)[number];

export const compares = ["", "former", "year"] as const;
export type Compare = (typeof compares)[number];

export interface Series extends Step {
  measure?: Measure;
  /** The property that is measured. */
  of?: string;
}

export interface Formula {
  text: string;
  title?: string;
  percent?: boolean;
}

export interface TrendQuery extends Common {
  series: Series[];
  formulas?: Formula[];
  grain?: Grain;
  breakdown?: Breakdown;
  compare?: Compare;
  cumulative?: boolean;
  smooth?: number;
}

export type Unit = "events" | "people" | "money" | "number" | "share";

export interface Point {
  at: string;
  open?: boolean;
  cut?: boolean;
}

export type Values = (number | null)[];

export interface Line {
  /** A, B … for series, F1 … for formulas. */
  key: string;
  title?: string;
  group?: Group;
  unit: Unit;
  values: Values;
  total: number | null;
  running?: Values;
  smooth?: Values;
  former?: { values: Values; total: number | null; running?: Values; smooth?: Values; change: number | null };
}

export interface TrendAnswer {
  grain: Grain;
  currency: string;
  points: Point[];
  lines: Line[];
  former?: { from: string; to: string; at: string[] };
  groups?: number;
}

export interface TrendOf {
  key: string;
  at?: string;
  group?: Group;
  former?: boolean;
}

export const trend = question<TrendQuery, TrendAnswer, TrendOf>("trend");
