import { question } from "../query/question";
import type { Common, Group, Step } from "../query/wire";

export const models = ["bg_nbd", "pareto_nbd"] as const;
export type Model = (typeof models)[number];

export const cohortings = ["month", "first_channel"] as const;
export type Cohorting = (typeof cohortings)[number];

export interface LtvQuery extends Common {
  /** "Order Completed" unless told. */
  purchase?: Step;
  model?: Model;
  unit?: number;
  /** Days at the end that the check's fit does not see. */
  holdout?: number;
  /** How many days to look ahead. */
  days?: number;
  cohorts?: Cohorting;
  /** What a buyer cost, minor units. */
  cost?: number;
}

export interface Reason {
  code: string;
  name?: string;
  value: number | null;
  limit: number | null;
}

export interface Verdict {
  level: "none" | "doubtful" | "good";
  reasons: Reason[];
}

export interface Fit {
  parameters: { name: string; value: number; error: number | null }[];
  log_likelihood: number;
  people: number;
  starts: number;
  agreeing: number;
  evaluations: number;
  converged: boolean;
}

export interface Band {
  once: boolean;
  from: number;
  to: number;
  people: number;
  alive: number;
  orders: number;
  value: number | null;
}

export interface Cohort extends Group {
  people: number;
  revenue: number;
  orders: number;
  months: { month: number; people: number; revenue: number }[];
  payback: number | null;
}

export interface Check {
  cutoff: string;
  days: number;
  fit: Fit | null;
  actual: number;
  expected: number;
  error: number | null;
  frequencies: { repeats: number; people: number; actual: number; expected: number }[];
  weeks: { day: string; actual: number; expected: number }[];
}

export interface LtvAnswer {
  from: string;
  to: string;
  model: string;
  unit: number;
  currency: string;
  buyers: number;
  repeaters: number;
  orders: number;
  revenue: number;
  verdict: Verdict;
  fit: Fit | null;
  spend: { fit: Fit | null; mean: number | null; actual: number | null; correlation: number | null };
  frequencies: { repeats: number; people: number; expected: number | null }[];
  check: Check | null;
  forecast: { days: number; alive: number; orders: number; value: number | null; bands: Band[] } | null;
  all: Cohort;
  cohorts: Cohort[];
  cost: number;
}

export interface LtvOf {
  who: "buyers" | "repeaters" | "band" | "frequency" | "cohort";
  band?: number;
  repeats?: number;
  checked?: boolean;
  cohort?: string;
  none?: boolean;
  rest?: boolean;
}

export const ltv = question<LtvQuery, LtvAnswer, LtvOf>("ltv");

/** One writing of predictions to people. */
export interface Writing {
  id: number;
  state: "waiting" | "running" | "done" | "refused" | "failed";
  author: string;
  started_at: string;
  ended_at: string | null;
  total: number;
  done: number;
  changed: number;
  verdict: Verdict | null;
  error: string;
}
