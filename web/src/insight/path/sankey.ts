import type { EChartsCoreOption } from "echarts/core";
import { fontStack, type Palette } from "../../app/theme";
import type { PathAnswer, PathNode } from "./path";

export interface SankeySpec {
  answer: PathAnswer;
  /** How many events were followed. */
  steps: number;
  /** The drawing runs in the direction of time: looking back, the anchor is on the right. */
  before: boolean;
  name: (n: PathNode) => string;
  int: (n: number) => string;
  tipNode: (n: PathNode) => string;
  tipLink: (from: PathNode, to: PathNode, paths: number, share: number) => string;
}

/** A colour for each event, the same at every step: the most taken events get the colours first, all others share the last. */
export function coloursOf(nodes: PathNode[], p: Palette): (n: PathNode) => string {
  const total = new Map<string, number>();
  for (const n of nodes) if (n.what === "event") total.set(n.event ?? "", (total.get(n.event ?? "") ?? 0) + n.paths);
  const ranked = [...total].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([event]) => event);
  const grey = 3; // the palette's grey is for what has no name
  const colours = p.series.filter((_, i) => i !== grey);
  return (n) => (n.what === "event" ? (colours[ranked.indexOf(n.event ?? "") % colours.length] ?? p.teal) : n.what === "end" ? p.line : (p.series[grey] ?? p.ink3));
}

/** Where a click led: a node or a link, as places in the answer. */
export function picked(item: { dataType?: string; data?: unknown }): { node?: number; from?: number; to?: number } | undefined {
  const data = item.data as { name?: string; places?: [number, number] } | undefined;
  if (item.dataType === "node" && data?.name !== undefined) return { node: Number(data.name) };
  if (item.dataType === "edge" && data?.places !== undefined) return { from: data.places[0], to: data.places[1] };
  return undefined;
}

export function sankeyOption(spec: SankeySpec, p: Palette): EChartsCoreOption {
  const { nodes, links } = spec.answer;
  const colour = coloursOf(nodes, p);
  const most = Math.max(0, ...nodes.map((n) => n.step));
  return {
    animationDuration: 300,
    textStyle: { fontFamily: fontStack },
    tooltip: {
      confine: true,
      backgroundColor: p.raised,
      borderColor: p.line,
      textStyle: { color: p.ink, fontSize: 13, fontFamily: fontStack },
      formatter: (hit: { dataType?: string; data?: unknown }) => {
        const at = picked(hit);
        if (at === undefined) return "";
        if (at.node !== undefined) return nodes[at.node] ? spec.tipNode(nodes[at.node] as PathNode) : "";
        const [from, to] = [nodes[at.from ?? -1], nodes[at.to ?? -1]];
        const link = links.find((l) => l.from === at.from && l.to === at.to);
        return from && to && link ? spec.tipLink(from, to, link.paths, link.share) : "";
      },
    },
    series: [
      {
        type: "sankey",
        left: 8,
        right: spec.before ? 8 : 132,
        ...(spec.before && { left: 132 }),
        top: 8,
        bottom: 8,
        nodeWidth: 14,
        nodeGap: 10,
        nodeAlign: spec.before ? "right" : "left",
        layoutIterations: 24,
        draggable: false,
        emphasis: { focus: "adjacency" },
        data: nodes.map((n, i) => ({
          name: String(i),
          depth: spec.before ? most - n.step : n.step,
          itemStyle: { color: colour(n), borderColor: n.what === "end" ? p.ink3 : colour(n), borderType: n.what === "event" ? "solid" : "dashed", opacity: 1 },
        })),
        links: links.map((l) => ({
          source: String(spec.before ? l.to : l.from),
          target: String(spec.before ? l.from : l.to),
          value: l.paths,
          places: [l.from, l.to],
        })),
        lineStyle: { color: spec.before ? "target" : "source", opacity: 0.28, curveness: 0.5 },
        label: {
          position: spec.before ? "left" : "right",
          color: p.ink,
          fontSize: 12,
          fontFamily: fontStack,
          // no wider than the way to the next step, and readable above the streams
          width: Math.max(52, Math.floor(420 / Math.max(1, spec.steps)) - 12),
          overflow: "truncate",
          textBorderColor: p.card,
          textBorderWidth: 2,
          formatter: (d: { name: string }) => {
            const n = nodes[Number(d.name)];
            return n ? `${spec.name(n)}\n{n|${spec.int(n.paths)}}` : "";
          },
          rich: { n: { color: p.ink2, fontSize: 11, fontFamily: fontStack, lineHeight: 15, textBorderColor: p.card, textBorderWidth: 2 } },
        },
        labelLayout: { hideOverlap: true },
      },
    ],
  };
}
