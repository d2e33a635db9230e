import { question } from "../query/question";
import type { Common, Step } from "../query/wire";

export type RungKey = "interest" | "demand" | "trust" | "cost";

export interface Rung {
  key: RungKey;
  title: string;
  /** Any of these. */
  steps: Step[];
  means: string[];
}

export interface LadderQuery extends Common {
  /** A ladder to try out; the brand's own unless told. */
  rungs?: Rung[];
}

export interface Mover {
  event: string;
  people: number;
  share: number;
  stayed: number;
  lift: number;
  low: number;
}

export interface RungAnswer extends Omit<Rung, "steps"> {
  steps: Pick<Step, "event" | "where" | "title">[];
  suggested: { zh: string; en: string }[];
  unknown: string[];
  reached: number;
  standing: number;
  direct: number;
  rose: number;
  conversion: number | null;
  wait: { median: number; low: number; high: number } | null;
  last: number;
  stayed: number;
  movers: Mover[];
}

export interface LadderAnswer {
  from: string;
  to: string;
  people: number;
  below: number;
  rungs: RungAnswer[];
}

export interface LadderOf {
  who: "reached" | "standing" | "direct" | "rose" | "last" | "did" | "below";
  rung: number;
  event?: string;
}

export const ladder = question<LadderQuery, LadderAnswer, LadderOf>("ladder");
