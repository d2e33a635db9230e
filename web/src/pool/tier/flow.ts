import type { EChartsCoreOption } from "echarts/core";
import type { TierFlow } from "../../api/rules";
import { fontStack, type Palette } from "../../app/theme";
import { levelColours } from "./colours";

/** Where people came from and where they are now: two columns of levels with what flowed between them. */
export interface Stream {
  from: string;
  to: string;
  people: number;
}

/** "" stands for outside the pool on either side; it has a node only where somebody came from or went there. */
export function streams(flow: TierFlow, withStayed: boolean): Stream[] {
  return flow.links.filter((l) => l.people > 0 && (withStayed || l.from !== l.to));
}

const escape = (s: string) => s.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

export function sankey(flow: TierFlow, withStayed: boolean, p: Palette, words: { fresh: string; gone: string; int: (n: number) => string; says: (from: string, to: string) => string }): EChartsCoreOption {
  const links = streams(flow, withStayed);
  const colours = levelColours(flow.levels, p);
  const order = ["", ...flow.levels.map((l) => l.key)];
  const title = (key: string, side: "from" | "to") => (key === "" ? (side === "from" ? words.fresh : words.gone) : (flow.levels.find((l) => l.key === key)?.title ?? key));
  const colour = (key: string) => colours[flow.levels.findIndex((l) => l.key === key)] ?? p.ink3;
  const nodes = (side: "from" | "to") =>
    order
      .filter((key) => links.some((l) => l[side] === key))
      .map((key) => ({
        name: `${side}:${key}`,
        depth: side === "from" ? 0 : 1,
        itemStyle: { color: colour(key), borderWidth: 0 },
        label: { formatter: title(key, side), position: side === "from" ? "left" : "right" },
      }));
  return {
    animationDuration: 300,
    textStyle: { fontFamily: fontStack },
    tooltip: {
      trigger: "item",
      confine: true,
      backgroundColor: p.raised,
      borderColor: p.line,
      textStyle: { color: p.ink, fontSize: 13, fontFamily: fontStack },
      formatter: (h: { dataType: string; name: string; value: number; data: { source?: string; target?: string } }) => {
        if (h.dataType === "edge") return `${escape(words.says(title(cut(h.data.source), "from"), title(cut(h.data.target), "to")))}<br><b>${words.int(h.value)}</b>`;
        const side = h.name.startsWith("from:") ? "from" : "to";
        return `${escape(title(cut(h.name), side))}<br><b>${words.int(h.value)}</b>`;
      },
    },
    series: [
      {
        type: "sankey",
        left: 96,
        right: 96,
        top: 12,
        bottom: 12,
        nodeWidth: 14,
        nodeGap: 14,
        layoutIterations: 0,
        draggable: false,
        emphasis: { focus: "adjacency" },
        lineStyle: { color: "gradient", opacity: 0.35, curveness: 0.5 },
        label: { color: p.ink2, fontFamily: fontStack, fontSize: 13, textBorderWidth: 0 },
        data: [...nodes("from"), ...nodes("to")],
        links: links.map((l) => ({ source: `from:${l.from}`, target: `to:${l.to}`, value: l.people })),
      },
    ],
  };
}

/** The level of a node: what stands behind "from:" or "to:". */
export const cut = (name: string | undefined): string => (name ?? "").replace(/^(from|to):/, "");
