// Each region of an overlap stands in the chart where its segments are.
import { expect, it } from "vitest";
import type { Overlap } from "../../api/rules";
import { light } from "../../app/theme";
import { regionsShown, upset } from "./overlap";

const words = { people: "people", only: (titles: string[]) => titles.join("+"), int: String, short: String };
const sets = ["a", "b", "c"].map((key, i) => ({ key, title: key.toUpperCase(), people: 10 * (i + 1) }));
const overlap: Overlap = { sets, regions: [{ in: ["c"], people: 20, rule: "" }, { in: ["a", "c"], people: 7, rule: "" }], union: 27, outside: 3, took_ms: 1 };

interface Option {
  yAxis: { data?: string[] }[];
  series: { data: { value: number[]; itemStyle: { color: string } }[] & (number | number[])[] }[];
  tooltip: { formatter: (h: { seriesIndex: number; dataIndex: number }) => string };
}
const option = upset(overlap, light, words) as unknown as Option;

it("puts the first segment on top", () => expect(option.yAxis[1]?.data).toEqual(["C", "B", "A"]));

it("joins the dots of a region", () => {
  expect(option.series[1]?.data).toEqual([[0, 0, 0], [1, 0, 2]]);
  const lit = option.series[2]?.data.filter((d) => d.itemStyle.color === light.series[0]).map((d) => d.value);
  expect(lit).toEqual([[0, 0], [1, 0], [1, 2]]);
});

it("tells of the region under the pointer, on columns and on dots", () => {
  expect(option.tooltip.formatter({ seriesIndex: 0, dataIndex: 1 })).toContain("A+C");
  expect(option.tooltip.formatter({ seriesIndex: 2, dataIndex: 4 })).toContain("<b>7</b>");
});

it("shows the largest regions only", () => {
  const many = { ...overlap, regions: Array.from({ length: 31 }, (_, i) => ({ in: ["a"], people: 31 - i, rule: "" })) };
  expect((upset(many, light, words) as unknown as Option).series[0]?.data).toHaveLength(regionsShown);
});
