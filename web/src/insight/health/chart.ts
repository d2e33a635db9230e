import type { EChartsCoreOption } from "echarts/core";
import { fontStack, type Palette } from "../../app/theme";
import type { MetricSeries } from "./health";

export interface Words {
  value: string;
  expected: string;
  usual: string;
  unusual: string;
  today: string;
}

const escape = (s: string) => s.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A metric by day: the band in which it is usual, what was expected, what was, and the unusual days as points. */
export function metricOption(s: MetricSeries, days: string[], exact: (n: number) => string, short: (n: number) => string, words: Words, p: Palette): EChartsCoreOption {
  const text = { color: p.ink3, fontFamily: fontStack, fontSize: 12 };
  const points = s.points;
  return {
    animationDuration: 300,
    textStyle: { fontFamily: fontStack },
    grid: { left: 8, right: 8, top: 16, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: p.raised,
      borderColor: p.line,
      textStyle: { color: p.ink, fontSize: 13, fontFamily: fontStack },
      formatter: (hits: unknown) => {
        const i = (hits as { dataIndex: number }[])[0]?.dataIndex ?? 0;
        const d = points[i];
        if (d === undefined) return "";
        const rows: [string, string][] = [[words.value, d.value === null ? "–" : exact(d.value)]];
        if (d.expected !== null) rows.push([words.expected, exact(d.expected)]);
        if (d.low !== null && d.high !== null) rows.push([words.usual, `${exact(d.low)} – ${exact(d.high)}`]);
        if (d.z !== null) rows.push(["z", d.z.toFixed(1)]);
        const mark = d.unusual ? ` · <b style="color:${p.bad}">${escape(words.unusual)}</b>` : d.over ? "" : ` · ${escape(words.today)}`;
        return `${escape(d.date)}${mark}<table style="border-spacing:0">${rows.map(([k, v]) => `<tr><td style="padding:2px 24px 2px 0;color:${p.ink2}">${escape(k)}</td><td style="text-align:right">${escape(v)}</td></tr>`).join("")}</table>`;
      },
    },
    xAxis: { type: "category", data: days, boundaryGap: false, axisLine: { lineStyle: { color: p.line } }, axisTick: { show: false }, axisLabel: { ...text, hideOverlap: true, margin: 12 } },
    yAxis: { type: "value", splitNumber: 3, splitLine: { lineStyle: { color: p.line } }, axisLabel: { ...text, formatter: short } },
    series: [
      // the band is the distance between its edges, stacked on the lower one, which is not drawn
      { type: "line", stack: "band", data: points.map((d) => d.low), lineStyle: { opacity: 0 }, showSymbol: false, silent: true },
      { type: "line", stack: "band", data: points.map((d) => (d.low === null || d.high === null ? null : d.high - d.low)), lineStyle: { opacity: 0 }, showSymbol: false, silent: true, areaStyle: { color: p.series[1], opacity: 0.18 } },
      { type: "line", data: points.map((d) => d.expected), showSymbol: false, silent: true, lineStyle: { color: p.series[3], width: 1.5, type: [4, 4] } },
      { type: "line", data: points.map((d) => (d.over ? d.value : null)), showSymbol: false, lineStyle: { color: p.series[0], width: 2 }, itemStyle: { color: p.series[0] } },
      { type: "scatter", symbolSize: 10, data: points.map((d) => (d.unusual ? d.value : null)), itemStyle: { color: p.bad, borderColor: p.card, borderWidth: 2 } },
    ],
  };
}
