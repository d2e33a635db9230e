import type { EChartsCoreOption } from "echarts/core";
import { fontStack, type Palette } from "../app/theme";

export interface Series {
  name: string;
  data: (number | null)[];
  type?: "line" | "bar";
  /** Series with the same word are stacked. */
  stack?: string;
  area?: boolean;
  /** A former period or a plan: dashed and quiet. */
  dashed?: boolean;
  /** Which value axis: 0 left (default), 1 right. */
  axis?: 0 | 1;
  /** Place in the palette; the order of the series unless told. */
  colour?: number;
}

export interface Axis {
  /** What is counted, with its unit: "人数", "销售额(元)". */
  name: string;
  /** For tooltips and the table: exact. */
  exact: (n: number) => string;
  /** For the axis: short. */
  short: (n: number) => string;
  min?: number;
  max?: number;
}

export interface ChartSpec {
  /** The words along the bottom. */
  x: string[];
  series: Series[];
  axes: [Axis] | [Axis, Axis];
}

/** Turns the console's plain chart description into ECharts', in the palette's colours. */
export function chartOption(spec: ChartSpec, p: Palette): EChartsCoreOption {
  const { x, series, axes } = spec;
  const text = { color: p.ink3, fontFamily: fontStack, fontSize: 12 };
  const axisOf = (s: Series) => axes[s.axis ?? 0] ?? axes[0];
  return {
    animationDuration: 300,
    textStyle: { fontFamily: fontStack },
    color: p.series,
    grid: { left: 8, right: 8, top: 40, bottom: series.length > 1 ? 36 : 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend:
      series.length > 1
        ? { bottom: 0, icon: "roundRect", itemWidth: 12, itemHeight: 4, itemGap: 20, textStyle: { ...text, color: p.ink2 }, type: "scroll", pageIconColor: p.ink2, pageIconInactiveColor: p.line, pageTextStyle: text }
        : undefined,
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: p.raised,
      borderColor: p.line,
      textStyle: { color: p.ink, fontSize: 13, fontFamily: fontStack },
      axisPointer: { type: series.some((s) => s.type === "bar") ? "shadow" : "line", lineStyle: { color: p.line }, shadowStyle: { color: p.ink, opacity: 0.05 } },
      formatter: (raw: unknown) => tooltip(raw as Hit[], series, axisOf, p),
    },
    xAxis: {
      type: "category",
      data: x,
      boundaryGap: series.some((s) => s.type === "bar"),
      axisLine: { lineStyle: { color: p.line } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true, margin: 12 },
    },
    yAxis: axes.map((a, i) => ({
      type: "value",
      name: a.name,
      nameTextStyle: { ...text, align: i === 0 ? "left" : "right" },
      nameGap: 20,
      min: a.min,
      max: a.max,
      position: i === 0 ? "left" : "right",
      splitNumber: 4,
      splitLine: { show: i === 0, lineStyle: { color: p.line } },
      axisLabel: { ...text, formatter: a.short },
    })),
    series: series.map((s, i) => {
      const colour = p.series[(s.colour ?? i) % p.series.length];
      return {
        name: s.name,
        type: s.type ?? "line",
        data: s.data,
        stack: s.stack,
        yAxisIndex: s.axis ?? 0,
        barMaxWidth: 28,
        itemStyle: { color: colour, borderRadius: s.type === "bar" && !s.stack ? [3, 3, 0, 0] : 0 },
        lineStyle: { width: s.dashed ? 1.5 : 2, type: s.dashed ? [4, 4] : "solid", color: colour, opacity: s.dashed ? 0.75 : 1 },
        areaStyle: s.area ? { color: colour, opacity: s.stack ? 0.75 : 0.12 } : undefined,
        showSymbol: x.length === 1,
        symbol: "circle",
        symbolSize: 6,
        smooth: false,
        emphasis: { focus: "none" },
      };
    }),
  };
}

interface Hit {
  seriesIndex: number;
  axisValueLabel: string;
  value: number | null | undefined;
}

const escape = (s: string) => s.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

function tooltip(hits: Hit[], series: Series[], axisOf: (s: Series) => Axis, p: Palette): string {
  const rows = hits.flatMap((h) => {
    const s = series[h.seriesIndex];
    if (s === undefined || h.value === null || h.value === undefined) return [];
    const dot = `<span style="display:inline-block;width:10px;height:${s.dashed ? 2 : 4}px;border-radius:2px;background:${p.series[(s.colour ?? h.seriesIndex) % p.series.length]};margin-right:8px;vertical-align:middle"></span>`;
    return [`<tr><td style="padding:2px 24px 2px 0;color:${p.ink2}">${dot}${escape(s.name)}</td><td style="text-align:right;font-variant-numeric:tabular-nums">${escape(axisOf(s).exact(h.value))}</td></tr>`];
  });
  return `<div style="margin-bottom:4px">${escape(hits[0]?.axisValueLabel ?? "")}</div><table style="border-spacing:0">${rows.join("")}</table>`;
}
