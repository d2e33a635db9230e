import { describe, expect, it } from "vitest";
import { parseBrackets, read, showBrackets, start, whole } from "./query";
import { depths, shownFirst } from "./rows";
import type { RetentionAnswer, Row } from "./retention";

describe("the question", () => {
  it("is read from any address", () => {
    expect(read({})).toMatchObject({ start: { event: "" } });
    expect(read({ start: { event: "E", where: "event.a == 1" }, grain: "year", mode: "after", periods: -1, brackets: [{ from: "x" }], last: 90 })).toMatchObject({ start: { event: "E", where: "event.a == 1" }, mode: "after", last: 90 });
    expect(read({ grain: "year" }).grain).toBeUndefined();
    expect(read(JSON.parse(JSON.stringify(start)) as Record<string, unknown>)).toMatchObject(start);
  });

  it("is asked when it is whole", () => {
    expect(whole(start)).toMatchObject(start);
    expect(whole({ ...start, return: { event: "", open: true } })).toBeUndefined();
    expect(whole({ ...start, mode: "bracket" })).toBeUndefined();
    expect(whole({ ...start, mode: "bracket", brackets: [{ from: 1, to: 2 }], periods: 5 })?.periods).toBeUndefined();
    expect(whole({ ...start, start: { event: "" }, value: true })).toBeUndefined();
    expect(whole({ ...start, breakdown: { by: "segment", names: [] } })).toBeUndefined();
  });
});

describe("brackets", () => {
  it("are read as people write them", () => {
    expect(parseBrackets("0, 1-3，4–7")).toEqual([{ from: 0, to: 0 }, { from: 1, to: 3 }, { from: 4, to: 7 }]);
    expect(showBrackets([{ from: 0, to: 0 }, { from: 1, to: 3 }])).toBe("0, 1-3");
  });
  it.each(["", "a", "3-1", "1-3, 3-5", "1, 1", "1-367"])("%j are none", (said) => expect(parseBrackets(said)).toBeUndefined());
});

const cells = (...rates: (number | null)[]) => rates.map((rate) => ({ of: 10, people: rate === null ? null : rate * 10, rate }));
const row = (cohort: string, size: number, ...rates: (number | null)[]): Row => ({ cohort, over: true, size, cells: cells(...rates) });

describe("rows", () => {
  const rows = [row("2026-01-01", 10, 1, 0.4, 0.2, 0.1), row("2026-02-01", 10, 1, 0.6, 0.3), row("2026-03-01", 0), row("2026-04-01", 10, 1, null)];

  it("colours the depths between the least and the most that came back; everybody at the start and what is not over say nothing", () => {
    expect(depths(rows)).toEqual({ low: 0.1, high: 0.6 });
  });

  it("draws the oldest cohorts that have a curve until the reader chooses", () => {
    expect(shownFirst({ rows } as unknown as RetentionAnswer)).toEqual([0, 1]);
  });
});
