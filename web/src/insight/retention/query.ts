import { isWholeBreakdown, readBreakdown } from "../query/BreakdownField";
import { readSteps, wholeSteps } from "../query/steps";
import type { Step } from "../query/wire";
import { grains, modes, startings, type RetentionQuery, type Stretch } from "./retention";

/** What the page begins with: who orders again, month by month, in the last year. */
export const start: RetentionQuery = { start: { event: "Order Completed" }, grain: "month", last: 365 };

const text = (v: unknown): string | undefined => (typeof v === "string" && v !== "" ? v : undefined);
const count = (v: unknown): number | undefined => (typeof v === "number" && Number.isInteger(v) && v > 0 ? v : undefined);
const day = (v: unknown): string | undefined => (typeof v === "string" && /^\d{4}-\d{2}-\d{2}$/.test(v) ? v : undefined);

function step(raw: unknown): Step | undefined {
  const [s] = readSteps([raw]);
  return s && (raw as { open?: unknown }).open === true ? { ...s, open: true } : s;
}

/** The query of an address, whatever it holds. */
export function read(raw: Record<string, unknown>): RetentionQuery {
  return {
    start: step(raw.start) ?? { event: "" },
    return: step(raw.return),
    starts: startings.find((s) => s === raw.starts),
    grain: grains.find((g) => g === raw.grain),
    mode: modes.find((m) => m === raw.mode),
    periods: count(raw.periods),
    brackets: readBrackets(raw.brackets),
    until: day(raw.until),
    value: raw.value === true ? true : undefined,
    breakdown: readBreakdown(raw.breakdown),
    from: day(raw.from),
    to: day(raw.to),
    last: count(raw.last),
    people: text(raw.people),
  };
}

function readBrackets(raw: unknown): Stretch[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  const sound = raw.filter((b): b is Stretch => typeof b === "object" && b !== null && Number.isInteger((b as Stretch).from) && Number.isInteger((b as Stretch).to));
  return sound.length === 0 ? undefined : sound.map(({ from, to }) => ({ from, to }));
}

/** Brackets that most people ask for, by the length of a period. */
export const usualBrackets: Stretch[] = [
  { from: 0, to: 0 },
  { from: 1, to: 3 },
  { from: 4, to: 7 },
  { from: 8, to: 14 },
];

/** "0, 1-3, 4-7" → stretches; undefined unless they ascend and do not overlap. */
export function parseBrackets(said: string): Stretch[] | undefined {
  const out: Stretch[] = [];
  for (const part of said.split(/[,，;；]/)) {
    const m = /^\s*(\d{1,3})\s*(?:[-–~—]\s*(\d{1,3})\s*)?$/.exec(part);
    if (m === null) return undefined;
    const from = Number(m[1]);
    const to = m[2] === undefined ? from : Number(m[2]);
    if (from > to || to > 366 || from <= (out.at(-1)?.to ?? -1)) return undefined;
    out.push({ from, to });
  }
  return out;
}

export const showBrackets = (brackets: Stretch[]): string => brackets.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(", ");

/** The query as it is sent; undefined while it lacks something. */
export function whole(query: RetentionQuery): RetentionQuery | undefined {
  const steps = wholeSteps(query.return ? [query.start, query.return] : [query.start]);
  const [first, back] = steps ?? [];
  if (first === undefined || !isWholeBreakdown(query.breakdown)) return undefined;
  if (query.mode === "bracket" && !query.brackets) return undefined;
  if (query.value && (back ?? first).event === "") return undefined;
  return { ...query, start: first, return: back, brackets: query.mode === "bracket" ? query.brackets : undefined, periods: query.mode === "bracket" ? undefined : query.periods };
}
