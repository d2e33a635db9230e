import { describe, expect, it } from "vitest";
import { average, cells, monthAfter } from "./triangle";

const cohorts = [
  { cohort: "2010-12", size: 100, counts: [100, 40, 30] },
  { cohort: "2011-01", size: 300, counts: [300, 60] },
  { cohort: "2011-02", size: 50, counts: [50] },
];

describe("retention triangle", () => {
  it("counts months across the end of a year", () => {
    expect(monthAfter("2010-12", 1)).toBe("2011-01");
    expect(monthAfter("2011-01", 23)).toBe("2012-12");
  });

  it("weighs the average by people, not by cohorts", () => {
    expect(average(cohorts, "2020-01")).toEqual([1, (40 + 60) / 400, 30 / 100]);
  });

  it("leaves the running month out of averages and marks its cells", () => {
    // in 2011-02, the third month of the first cohort and the second of the second are still running
    expect(average(cohorts, "2011-02")).toEqual([1, 40 / 100, null]);
    expect(cells(cohorts[0]!, "2011-02").map((c) => c.open)).toEqual([false, false, true]);
  });

  it("divides nothing by an empty cohort", () => {
    expect(cells({ cohort: "2011-01", size: 0, counts: [0] }, "2020-01")[0]).toEqual({ count: 0, rate: 0, open: false });
  });
});
