// The four kinds of questions of this room, as the server has them (package insight/distribution).
import { question } from "../query/question";
import type { Breakdown, Common, Group, Step } from "../query/wire";

export type Unit = "times" | "days" | "money" | "number" | "seconds";

/** Many figures in a few; null where there are none. */
export interface Spread {
  n: number;
  sum: number | null;
  mean: number | null;
  min: number | null;
  q1: number | null;
  median: number | null;
  q3: number | null;
  p90: number | null;
  p99: number | null;
  max: number | null;
}

/** from ≤ figure < to; null is open. */
export interface Bin {
  from: number | null;
  to: number | null;
}

export const figures = ["times", "days", "sum", "property", "trait"] as const;
export type Figure = (typeof figures)[number];

export interface DistributionQuery extends Common {
  figure?: Figure;
  step?: Step;
  name?: string;
  edges?: number[];
  values?: number;
  breakdown?: Breakdown;
}

export interface Value {
  value: string;
  rest?: boolean;
}

export interface Part {
  group?: Group;
  spread: Spread;
  counts: number[];
  values: number[];
  none: number | null;
}

export interface DistributionAnswer {
  unit: Unit;
  counted: "people" | "events";
  currency: string;
  bins: Bin[];
  values: Value[];
  parts: Part[];
}

export interface DistributionOf {
  from?: number;
  to?: number;
  value?: Value;
  none?: boolean;
  group?: Group;
}

export const distribution = question<DistributionQuery, DistributionAnswer, DistributionOf>("distribution");

export interface StickinessQuery extends Common {
  step?: Step;
  grain?: "week" | "month";
}

export interface Period {
  at: string;
  days: number;
  open?: boolean;
  cut?: boolean;
  people: number;
  active_days: number;
  /** People active on exactly 1, 2, 3 … days. */
  counts: number[];
  mean: number | null;
  rate: number | null;
}

export interface StickinessAnswer {
  grain: "week" | "month";
  days: number;
  periods: Period[];
  counts: number[];
  mean: number | null;
  rate: number | null;
}

export interface StickinessOf {
  at: string;
  days?: number;
  at_least?: boolean;
}

export const stickiness = question<StickinessQuery, StickinessAnswer, StickinessOf>("stickiness");

export const pairings = ["every", "first", "last"] as const;
export type Pairing = (typeof pairings)[number];

export interface IntervalQuery extends Common {
  start: Step;
  end: Step;
  pair?: Pairing;
  within?: number;
  edges?: number[];
  breakdown?: Breakdown;
}

export interface IntervalPart {
  group?: Group;
  people: number;
  waiting: number;
  spread: Spread;
  counts: number[];
}

export interface IntervalAnswer {
  bins: Bin[];
  parts: IntervalPart[];
}

export interface IntervalOf {
  from?: number;
  to?: number;
  waiting?: boolean;
  group?: Group;
}

export const interval = question<IntervalQuery, IntervalAnswer, IntervalOf>("interval");

export interface RfmQuery extends Common {
  step?: Step;
  recency?: "calendar" | "elapsed";
  bins?: number;
  recent?: number[];
  often?: number[];
  much?: number[];
  middle?: number;
}

export interface RfmFigure {
  spread: Spread;
  cuts: number[];
  middle: number | null;
}

export interface RfmCell {
  r: number;
  f: number;
  people: number;
  money: number;
  by_m: number[];
}

export const rfmKinds = ["champion", "promising", "keep", "win-back", "loyal", "fresh", "fading", "dormant"] as const;
export type RfmKey = (typeof rfmKinds)[number];

export interface RfmKind {
  key: RfmKey;
  people: number;
  money: number;
  orders: number;
}

export interface RfmAnswer {
  at: string;
  currency: string;
  people: number;
  recency: RfmFigure;
  frequency: RfmFigure;
  monetary: RfmFigure;
  grid: RfmCell[];
  kinds: RfmKind[];
}

export interface RfmOf {
  r?: number;
  f?: number;
  m?: number;
  kind?: RfmKey;
}

export const rfm = question<RfmQuery, RfmAnswer, RfmOf>("rfm");
