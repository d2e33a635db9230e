import type { Unit, Line, Values } from "./trend";

/** What the lines of an answer show: each part by itself, or from the beginning on. */
export type Shown = "values" | "running";

/** Lines whose values share an axis: numbers of things, amounts, shares. */
export type Scale = "number" | "money" | "share";

export const scaleOf = (u: Unit): Scale => (u === "money" || u === "share" ? u : "number");

/** The scales of lines, in the order in which they come. */
export const scalesOf = (lines: Line[]): Scale[] => [...new Set(lines.map((l) => scaleOf(l.unit)))];

/** What is drawn of a line: the moving average instead of the values where it was asked for. */
export const drawn = (l: Pick<Line, "values" | "running" | "smooth">, shown: Shown): Values => (shown === "running" ? (l.running ?? l.values) : (l.smooth ?? l.values));

/** Whether parts of a line make a whole when put on each other: shares, means and people of several groups do not. */
export const addUp = (lines: Line[]): boolean => lines.length > 1 && lines.every((l) => l.unit === "events") && new Set(lines.map((l) => l.key)).size === 1;
