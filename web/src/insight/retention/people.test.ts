// A cell's rule means the same people as the cell: whoever has events on these days.
import { expect, it } from "vitest";
import { cellRule } from "./people";

const today = "2026-11-22";
const daysAgo = (day: string) => (Date.parse(today) - Date.parse(day)) / 86_400_000;

/** What the rules of this page say of somebody with events on these days. */
function fits(rule: string, days: string[]): boolean {
  const ago = days.map(daysAgo);
  const inWindow = (n: number) => ago.filter((d) => d >= 0 && d <= n - 1).length;
  const first = Math.max(...ago);
  return rule.split(" && ").every((part) => {
    const value = (text: string): number => {
      const m = /^count\("E", "(\d+)d"\)$/.exec(text);
      return m ? inWindow(Number(m[1])) : text.startsWith("days_since_first") ? first : Number(text);
    };
    const [, a = "", op, b = ""] = /^(.*?) (<=|>=|>) (.*)$/.exec(part) ?? [];
    return op === "<=" ? value(a) <= value(b) : op === ">=" ? value(a) >= value(b) : value(a) > value(b);
  });
}

it("takes the cohort of a month, from its first day to its last", () => {
  const rule = cellRule("E", "2026-08", 0, today);
  for (const [day, is] of [["2026-07-31", false], ["2026-08-01", true], ["2026-08-31", true], ["2026-09-01", false]] as const) expect(fits(rule, [day]), day).toBe(is);
});

it("takes those who came again in the k-th month and in no other", () => {
  const rule = cellRule("E", "2026-08", 2, today);
  for (const [day, is] of [["2026-09-30", false], ["2026-10-01", true], ["2026-10-31", true], ["2026-11-01", false]] as const) expect(fits(rule, ["2026-08-15", day]), day).toBe(is);
});

it("reads the running month up to today", () => {
  expect(fits(cellRule("E", "2026-08", 3, today), ["2026-08-15", "2026-11-22"])).toBe(true);
  expect(fits(cellRule("E", "2026-08", 3, today), ["2026-08-15", "2026-10-31"])).toBe(false);
  expect(fits(cellRule("E", "2026-11", 0, today), ["2026-11-01"])).toBe(true);
  expect(fits(cellRule("E", "2026-11", 0, today), ["2026-10-31"])).toBe(false);
});

it("quotes the event's name", () => expect(cellRule('a "b"', "2026-11", 0, today)).toContain('days_since_first("a \\"b\\"")'));
