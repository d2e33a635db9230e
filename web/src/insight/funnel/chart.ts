import type { EChartsCoreOption } from "echarts/core";
import { fontStack, type Palette } from "../../app/theme";
import type { StepAnswer } from "./funnel";

export interface FunnelSpec {
  steps: string[];
  /** One: people as bars, with those who left above them. More: each one's share of its first step. */
  groups: { name: string; steps: StepAnswer[] }[];
  words: { people: string; share: string; dropped: string; reached: string };
  int: (n: number) => string;
  short: (n: number) => string;
  pct: (rate: number) => string;
  /** What hovering over a step says. */
  tip: (step: number) => string;
}

/** Where a click on the drawing leads: which group, which step (from 1), and whether it was those who left. */
export function picked(item: { seriesIndex?: number; dataIndex?: number }, groups: number): { group: number; step: number; who: "reached" | "dropped" } | undefined {
  if (item.seriesIndex === undefined || item.dataIndex === undefined) return undefined;
  const step = item.dataIndex + 1;
  if (groups > 1) return { group: item.seriesIndex, step, who: "reached" };
  return { group: 0, step, who: item.seriesIndex === 1 ? "dropped" : "reached" };
}

/** Steps side by side, the way one reads: how many came, and above them who was lost. */
export function funnelOption(spec: FunnelSpec, p: Palette): EChartsCoreOption {
  const text = { color: p.ink3, fontFamily: fontStack, fontSize: 12 };
  const many = spec.groups.length > 1;
  const one = spec.groups[0]?.steps ?? [];
  const first = p.series[0] ?? p.teal;
  return {
    animationDuration: 300,
    textStyle: { fontFamily: fontStack },
    color: p.series,
    grid: { left: 8, right: 8, top: 44, bottom: many ? 36 : 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: many ? { bottom: 0, icon: "roundRect", itemWidth: 12, itemHeight: 4, itemGap: 20, textStyle: { ...text, color: p.ink2 }, type: "scroll", pageIconColor: p.ink2, pageIconInactiveColor: p.line, pageTextStyle: text } : undefined,
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: p.raised,
      borderColor: p.line,
      textStyle: { color: p.ink, fontSize: 13, fontFamily: fontStack },
      axisPointer: { type: "shadow", shadowStyle: { color: p.ink, opacity: 0.05 } },
      formatter: (hits: unknown) => spec.tip((hits as { dataIndex: number }[])[0]?.dataIndex ?? 0),
    },
    xAxis: {
      type: "category",
      data: spec.steps,
      axisLine: { lineStyle: { color: p.line } },
      axisTick: { show: false },
      axisLabel: { ...text, color: p.ink2, interval: 0, overflow: "truncate", width: Math.max(56, Math.floor(680 / Math.max(1, spec.steps.length))), margin: 12 },
    },
    yAxis: {
      type: "value",
      name: many ? spec.words.share : spec.words.people,
      nameTextStyle: { ...text, align: "left" },
      nameGap: 24,
      min: 0,
      max: many ? 1 : undefined,
      splitNumber: 4,
      splitLine: { lineStyle: { color: p.line } },
      axisLabel: { ...text, formatter: many ? spec.pct : spec.short },
    },
    series: many
      ? spec.groups.map((g, i) => ({ name: g.name, type: "bar", data: g.steps.map((s) => s.rate), barMaxWidth: 36, itemStyle: { color: p.series[i % p.series.length], opacity: i >= p.series.length ? 0.6 : 1, borderRadius: [3, 3, 0, 0] }, emphasis: { focus: "series" } }))
      : [
          {
            name: spec.words.reached,
            type: "bar",
            stack: "people",
            data: one.map((s) => s.people),
            barMaxWidth: 96,
            itemStyle: { color: first },
            label: {
              show: true,
              position: "insideBottom",
              offset: [0, -4],
              color: p.card,
              fontSize: 13,
              fontWeight: 600,
              fontFamily: fontStack,
              formatter: (d: { dataIndex: number }) => {
                const s = one[d.dataIndex];
                return s === undefined || s.rate === null || d.dataIndex === 0 ? "" : spec.pct(s.rate);
              },
            },
            labelLayout: { hideOverlap: true },
          },
          {
            name: spec.words.dropped,
            type: "bar",
            stack: "people",
            data: one.map((s) => s.dropped),
            barMaxWidth: 96,
            // told apart without colour, too: pale with a dashed edge
            itemStyle: { color: first, opacity: 0.16, borderColor: first, borderWidth: 1, borderType: "dashed", borderRadius: [3, 3, 0, 0] },
          },
        ],
  };
}
