import { describe, expect, it } from "vitest";
import type { Import } from "../api/types";
import { quoted } from "./words";
import { isRunning, outcome, percent, took } from "./progress";

const of = (over: Partial<Import>): Import => ({
  id: 1, file: "a.csv", preset: "people", state: "running", phase: "reading", rows: 100, done: 0, accepted: 0, rejected: 0, duplicates: 0, bytes: 1000, bytes_done: 0, rate_per_s: 0, eta_s: 0, started_at: "2026-03-05T00:00:00Z", finished_at: null, author: "", code: "", error: "", ...over,
});

describe("an import's progress", () => {
  it("grows through its phases and is whole only when done", () => {
    const steps = [of({ bytes_done: 100 }), of({ bytes_done: 1000 }), of({ phase: "applying" }), of({ state: "done", phase: "ended" })].map(percent);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1)).toBe(100);
    expect(steps[2]).toBeLessThan(100);
  });

  it("never runs past its end, whatever the estimate says", () => {
    expect(percent(of({ bytes_done: 5000 }))).toBeLessThan(100);
    expect(percent(of({ bytes: 0, rows: 0 }))).toBe(0);
  });

  it("knows whether it goes on and how long it took", () => {
    expect([of({}), of({ state: "waiting" }), of({ state: "done" }), of({ state: "failed" })].map(isRunning)).toEqual([true, true, false, false]);
    expect(took(of({}))).toBeUndefined();
    expect(took(of({ finished_at: "2026-03-05T00:00:13Z" }))).toBe(13);
  });

  it("ends in one of four ways", () => {
    expect(outcome(of({ accepted: 5 }))).toBe("all");
    expect(outcome(of({ duplicates: 5 }))).toBe("again");
    expect(outcome(of({ accepted: 5, rejected: 1 }))).toBe("some");
    expect(outcome(of({ rejected: 5 }))).toBe("none");
  });
});

describe("a refused row", () => {
  it("names the value that was wrong", () => {
    expect(quoted('the price "-3.00" is not above zero')).toBe("-3.00");
    expect(quoted("the time “下周三” is not understood")).toBe("下周三");
    expect(quoted("the row has no time")).toBe("");
  });
});
