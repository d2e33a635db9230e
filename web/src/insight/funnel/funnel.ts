import { question } from "../query/question";
import type { Breakdown, Common, Group, Step } from "../query/wire";

/** How steps have to follow each other: in order, in order with nothing else between, or all of them in any order. */
export const orders = ["ordered", "strict", "any"] as const;
export type Order = (typeof orders)[number];

export const grains = ["day", "week", "month"] as const;
export type Grain = (typeof grains)[number];

/** An event that spoils the way: between the steps from and to, counted from 1; anywhere unless told. */
export interface Exclusion extends Step {
  from?: number;
  to?: number;
}

export interface FunnelQuery extends Common {
  steps: Step[];
  /** How long the whole way may take: "7d", "24h", "30m". */
  window?: string;
  order?: Order;
  exclude?: Exclusion[];
  breakdown?: Breakdown;
  /** Of the conversion over time; by the length of the range unless told. */
  grain?: Grain;
}

/** A bar of a histogram: so many people took from ≤ wait < to seconds. */
export interface Bin {
  from_s: number;
  to_s: number;
  people?: number;
}

export interface StepAnswer {
  people: number;
  /** Of those of the first step; null where that is nobody. */
  rate: number | null;
  /** Of those of the step before. */
  rate_previous: number | null;
  /** Came to the step before and not to this one. */
  dropped: number;
  /** Seconds from the step before: half of the people took no longer, nine of ten no longer. */
  median_s: number | null;
  p90_s: number | null;
  /** Of the whole funnel only, not of its groups. */
  bins: Bin[];
}

export interface GroupAnswer {
  group: Group;
  steps: StepAnswer[];
}

export interface Point {
  /** First day of the day, week or month. */
  date: string;
  /** Windows still run: the numbers may grow. */
  open: boolean;
  people: number;
  converted: number;
  reached: number[];
  rate: number | null;
}

export interface FunnelAnswer {
  /** In any order, step k is "k of the steps". */
  steps: StepAnswer[];
  groups: GroupAnswer[];
  over_time: Point[];
  /** Of the whole way. */
  times: { people: number; median_s: number | null; p25_s: number | null; p75_s: number | null; p90_s: number | null; bins: Bin[] };
  grain: Grain;
}

/** The people behind a number: who came to a step, or who came to the step before and no further. */
export interface FunnelOf {
  /** From 1. */
  step: number;
  who?: "reached" | "dropped";
  group?: Group;
  /** First day of a point of the conversion over time. */
  date?: string;
  /** Who took as long as a bar says, from the step before; with whole, from the first. */
  wait?: Bin;
  whole?: boolean;
}

export const funnel = question<FunnelQuery, FunnelAnswer, FunnelOf>("funnel");

export const mostSteps = 10;
export const mostExclusions = 5;
