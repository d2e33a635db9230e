import type { HealthDefinition, Measure, Metric, Part, Sensitivity, Unit } from "../../api/health";
import { question } from "../query/question";
import type { Common } from "../query/wire";

export type HealthQuery = Common;
export type Level = "" | "poor" | "fair" | "good";

export interface PartView extends Measure {
  /** The share, 0 to 1; null if it says nothing. */
  value: number | null;
  before: number | null;
  /** Yes of of. */
  yes: number | null;
  of: number | null;
  points: number | null;
  level: Level;
  /** Of the score's weights on the day. */
  share: number;
  reason?: "none" | "few" | "off" | "known" | "";
}

export interface DayView {
  date: string;
  over: boolean;
  score: number | null;
  recorded: number | null;
  version: number;
  values: Partial<Record<Part, number>>;
  points: Partial<Record<Part, number>>;
}

export interface HealthAnswer {
  day: string;
  score: number | null;
  level: Level;
  before: number | null;
  version: number;
  parts: PartView[];
  history: DayView[];
}

export interface HealthOf {
  part: Exclude<Part, "quality">;
  side: "yes" | "no";
  date?: string;
}

export const health = question<HealthQuery, HealthAnswer, HealthOf>("health");

export interface AnomalyQuery extends Common {
  metrics?: Metric[];
  sensitivity?: Sensitivity;
}

export interface AnomalyPoint {
  date: string;
  over: boolean;
  value: number | null;
  expected: number | null;
  low: number | null;
  high: number | null;
  z: number | null;
  unusual: boolean;
}

export interface Anomaly {
  metric: Metric;
  up: boolean;
  from: string;
  to: string;
  peak: string;
  value: number;
  expected: number;
  low: number;
  high: number;
  z: number;
}

export interface MetricSeries {
  metric: Metric;
  unit: Unit;
  people: boolean;
  needs: number;
  points: AnomalyPoint[];
  anomalies: Anomaly[];
}

export interface AnomalyAnswer {
  sensitivity: Sensitivity;
  limit: number;
  series: MetricSeries[];
}

export interface AnomalyOf {
  metric: Exclude<Metric, "rejected">;
  date: string;
}

export const anomaly = question<AnomalyQuery, AnomalyAnswer, AnomalyOf>("anomaly");

/** The weights of a definition as shares of one. */
export function sharesOf(d: HealthDefinition): Partial<Record<Part, number>> {
  const all = d.parts.reduce((n, m) => n + m.weight, 0);
  return Object.fromEntries(d.parts.map((m) => [m.part, all > 0 ? m.weight / all : 0]));
}

/** What a share is worth, 0 to 100: a line between worst and best. */
export const pointsOf = (m: Measure, value: number): number => 100 * Math.min(1, Math.max(0, (value - m.worst) / (m.best - m.worst)));

/** With one digit behind the point, unless it is whole. */
export const tenth = (n: number): string => n.toFixed(1).replace(/\.0$/, "");
