import { describe, expect, it } from "vitest";
import { light } from "../app/theme";
import { chartOption } from "./chartOption";

const axes: [{ name: string; exact: (n: number) => string; short: (n: number) => string }] = [{ name: "人数", exact: (n) => `${n} 人`, short: String }];
type Built = { tooltip: { formatter: (hits: unknown) => string }; legend?: unknown; xAxis: { boundaryGap: boolean } };
const build = (series: Parameters<typeof chartOption>[0]["series"]) => chartOption({ x: ["a", "b"], series, axes }, light) as unknown as Built;

describe("chartOption", () => {
  it("writes exact values on hover and leaves gaps out", () => {
    const o = build([{ name: "新增", data: [1, null] }, { name: "上期", data: [2, 3] }]);
    const text = o.tooltip.formatter([
      { seriesIndex: 0, axisValueLabel: "b", value: null },
      { seriesIndex: 1, axisValueLabel: "b", value: 3 },
    ]);
    expect(text).toContain("3 人");
    expect(text).not.toContain("新增");
  });
  it("lets no name inject markup", () => {
    const o = build([{ name: '<img src=x onerror="alert(1)">', data: [1, 2] }]);
    expect(o.tooltip.formatter([{ seriesIndex: 0, axisValueLabel: "<b>", value: 1 }])).not.toMatch(/<img|<b>/);
  });
  it("needs no legend for one series, and room beside bars", () => {
    expect(build([{ name: "x", data: [1, 2] }]).legend).toBeUndefined();
    expect(build([{ name: "x", data: [1, 2], type: "bar" }]).xAxis.boundaryGap).toBe(true);
  });
});
