// The flow between levels is drawn whole: everyone is in one stream, nobody in two.
import { describe, expect, it } from "vitest";
import type { TierFlow } from "../../api/rules";
import { dark, light } from "../../app/theme";
import { levelColours } from "./colours";
import { cut, sankey, streams } from "./flow";

const flow: TierFlow = {
  from: "2026-11-01", to: "2026-11-22", moved: 5, stayed: 10, rose: 2, fell: 3,
  levels: [{ key: "core", title: "核心", color: "" }, { key: "active", title: "活跃", color: "#ff0000" }, { key: "rest", title: "普通", color: "" }],
  links: [{ from: "core", to: "core", people: 10 }, { from: "core", to: "rest", people: 3 }, { from: "rest", to: "core", people: 2 }, { from: "", to: "rest", people: 4 }, { from: "active", to: "rest", people: 0 }],
};
const words = { fresh: "fresh", gone: "gone", int: String, says: (a: string, b: string) => `${a}→${b}` };

interface Option {
  series: { data: { name: string; depth: number }[]; links: { source: string; target: string; value: number }[] }[];
  tooltip: { formatter: (h: object) => string };
}

describe("the flow", () => {
  it("leaves out those who stayed unless asked, and empty streams always", () => {
    expect(streams(flow, false).map((l) => `${l.from}>${l.to}`)).toEqual(["core>rest", "rest>core", ">rest"]);
    expect(streams(flow, true)).toHaveLength(4);
  });

  it("has a node for each end of each stream, in the order of the levels", () => {
    const { data, links } = (sankey(flow, true, light, words) as unknown as Option).series[0] ?? { data: [], links: [] };
    expect(data.map((n) => n.name)).toEqual(["from:", "from:core", "from:rest", "to:core", "to:rest"]);
    const names = new Set(data.map((n) => n.name));
    for (const l of links) expect(names.has(l.source) && names.has(l.target)).toBe(true);
    expect(links.reduce((n, l) => n + l.value, 0)).toBe(19);
  });

  it("says where people came from", () => {
    const { formatter } = (sankey(flow, true, light, words) as unknown as Option).tooltip;
    expect(formatter({ dataType: "edge", value: 4, data: { source: "from:", target: "to:rest" } })).toBe("fresh→普通<br><b>4</b>");
    expect(cut("to:a:b")).toBe("a:b");
  });
});

describe("colours of levels", () => {
  it.each([light, dark])("are a level's own, else from deep to shallow", (p) => {
    const [a, b, c] = levelColours(flow.levels, p);
    expect(a).toBe(p.series[0]);
    expect(b).toBe("#ff0000");
    expect(c).not.toBe(a);
    expect(c).toMatch(/^#[0-9a-f]{6}$/);
  });
});
