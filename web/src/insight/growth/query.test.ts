import { describe, expect, it } from "vitest";
import { account, newest, read, start, whole } from "./query";
import type { GrowthAnswer, Period } from "./growth";

const flow = { new: 5, resurrected: 2, won_back: 1, went_silent: 3, went_lost: 1, cleaned: 1, cleaned_active: 1, cleaned_silent: 0 };
const period = (date: string, over: boolean): Period => ({
  ...flow, date, from: date, to: date, over, retained: 6, stock: { people: 24, active: 13, silent: 8, lost: 3 }, quick_ratio: 7 / 3, seen: 9, dau: 3, wau: 7, mau: 12, stickiness: 0.25, adds_up: true,
});
const answer: GrowthAnswer = { grain: "day", silent_days: 30, lost_days: 90, before: { people: 20, active: 10, silent: 7, lost: 3 }, periods: [period("2026-03-01", true)], total: flow, quick_ratio: 7 / 3, adds_up: true };

describe("growth", () => {
  it("reads any address", () => {
    expect(read({ grain: "year", last: -3, lost_days: 10_000 })).toEqual({ grain: undefined, last: undefined, lost_days: undefined });
    expect(read(JSON.parse(JSON.stringify(start)) as Record<string, unknown>)).toMatchObject(start);
  });

  it("asks nothing while people would be lost before they are silent", () => {
    expect(whole({ silent_days: 30, lost_days: 30 })).toBeUndefined();
    expect(whole({ silent_days: 30, lost_days: 31 })).toBeDefined();
  });

  it("adds up, or says that it does not", () => {
    expect(account(answer)).toMatchObject({ even: true, off: [] });
    expect(account({ ...answer, before: { ...answer.before, active: 9 } }).even).toBe(false);
    expect(account({ ...answer, adds_up: false, periods: [{ ...period("2026-03-01", true), adds_up: false }] })).toMatchObject({ even: false, off: ["2026-03-01"] });
  });

  it("speaks of the last period that is over", () => {
    expect(newest([period("2026-03-01", true), period("2026-03-02", false)])?.date).toBe("2026-03-01");
    expect(newest([period("2026-03-02", false)])?.date).toBe("2026-03-02");
    expect(newest([])).toBeUndefined();
  });
});
