import type { EChartsCoreOption } from "echarts/core";
import type { Overlap } from "../../api/rules";
import { fontStack, type Palette } from "../../app/theme";

/** How many regions an UpSet chart shows; the table behind has them all. */
export const regionsShown = 20;

const escape = (s: string) => s.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** An UpSet chart: the size of each exclusive region as a column, and below it which segments it lies in. */
export function upset(o: Overlap, p: Palette, words: { people: string; only: (titles: string[]) => string; int: (n: number) => string; short: (n: number) => string }): EChartsCoreOption {
  const regions = o.regions.slice(0, regionsShown);
  const x = regions.map((_, i) => String(i));
  // categories of a vertical axis count from below
  const sets = [...o.sets].reverse();
  const row = (key: string) => sets.findIndex((s) => s.key === key);
  const title = (key: string) => o.sets.find((s) => s.key === key)?.title ?? key;
  const text = { color: p.ink2, fontFamily: fontStack, fontSize: 12 };
  const rows = 30 * sets.length;
  const labels = 168;
  const dots = regions.flatMap((r, i) => sets.map((s, j) => ({ value: [i, j], itemStyle: { opacity: 1, color: r.in.includes(s.key) ? p.series[0] : p.line } })));
  const links = regions.map((r, i) => {
    const at = r.in.map(row).sort((a, b) => a - b);
    return [i, at[0] ?? 0, at.at(-1) ?? 0];
  });
  const said = (i: number) => {
    const r = regions[i];
    return r === undefined ? "" : `${escape(words.only(r.in.map(title)))}<br><b>${words.int(r.people)}</b>`;
  };
  return {
    animationDuration: 300,
    textStyle: { fontFamily: fontStack },
    tooltip: {
      trigger: "item",
      confine: true,
      backgroundColor: p.raised,
      borderColor: p.line,
      textStyle: { color: p.ink, fontSize: 13, fontFamily: fontStack },
      formatter: (h: { seriesIndex: number; dataIndex: number }) => said(h.seriesIndex === 2 ? Math.floor(h.dataIndex / sets.length) : h.dataIndex),
    },
    grid: [
      { left: labels, right: 16, top: 32, bottom: rows + 24 },
      { left: labels, right: 16, height: rows, bottom: 8 },
    ],
    xAxis: [
      { type: "category", data: x, gridIndex: 0, axisLine: { lineStyle: { color: p.line } }, axisTick: { show: false }, axisLabel: { show: false } },
      { type: "category", data: x, gridIndex: 1, show: false },
    ],
    yAxis: [
      { type: "value", gridIndex: 0, name: words.people, nameTextStyle: { ...text, color: p.ink3, align: "left" }, nameGap: 12, splitNumber: 4, minInterval: 1, splitLine: { lineStyle: { color: p.line } }, axisLabel: { ...text, color: p.ink3, formatter: words.short } },
      {
        type: "category",
        gridIndex: 1,
        data: sets.map((s) => s.title),
        axisLine: { show: false },
        axisTick: { show: false },
        splitArea: { show: true, areaStyle: { color: ["transparent", p.sunk] } },
        axisLabel: { ...text, width: labels - 24, overflow: "truncate" },
      },
    ],
    series: [
      { type: "bar", data: regions.map((r) => r.people), itemStyle: { color: p.series[0], borderRadius: [3, 3, 0, 0] }, barMaxWidth: 36, label: { show: true, position: "top", color: p.ink2, fontSize: 12, formatter: (h: { value: number }) => words.short(h.value) } },
      {
        type: "custom",
        xAxisIndex: 1,
        yAxisIndex: 1,
        silent: true,
        z: 1,
        data: links,
        renderItem: (_: unknown, api: { value: (d: number) => number; coord: (v: number[]) => number[] }) => {
          const [x1 = 0, y1 = 0] = api.coord([api.value(0), api.value(1)]);
          const [, y2 = 0] = api.coord([api.value(0), api.value(2)]);
          return { type: "line", shape: { x1, y1, x2: x1, y2 }, style: { stroke: p.series[0], lineWidth: 3 } };
        },
      },
      { type: "scatter", xAxisIndex: 1, yAxisIndex: 1, data: dots, symbolSize: 12, z: 2 },
    ],
  };
}
