import { describe, expect, it } from "vitest";
import { light } from "../../app/theme";
import type { PathAnswer, PathNode } from "./path";
import { gapOf, ofLink, ofNode, read, start, whole } from "./query";
import { coloursOf, picked, sankeyOption } from "./sankey";

const node = (step: number, event: string, paths: number): PathNode => ({ step, what: "event", event, paths, share: paths / 10 });
const answer: PathAnswer = {
  paths: 10,
  nodes: [node(0, "A", 10), node(1, "B", 7), { step: 1, what: "end", paths: 3, share: 0.3 }, node(2, "A", 5), { step: 2, what: "others", names: 3, paths: 2, share: 0.2 }],
  links: [
    { from: 0, to: 1, paths: 7, share: 0.7 },
    { from: 0, to: 2, paths: 3, share: 0.3 },
    { from: 1, to: 3, paths: 5, share: 5 / 7 },
    { from: 1, to: 4, paths: 2, share: 2 / 7 },
  ],
  routes: [],
  all_routes: true,
};

describe("the query of an address", () => {
  it("comes back as it was written", () => {
    const query = { ...start, anchor: { event: "Order Completed", where: "event.revenue > 1" }, direction: "before" as const, gap: "30m", min_share: 0, steps: 10, without: ["Page Viewed"] };
    expect(read(JSON.parse(JSON.stringify(query)) as Record<string, unknown>)).toEqual({ ...query, from: undefined, to: undefined, people: undefined, which: undefined });
  });

  it("is sound whatever stands there", () => {
    const got = read({ anchor: 3, steps: 99, gap: "soon", min_share: 7, without: [1, ""], direction: "up", which: {} });
    expect(got).toMatchObject({ anchor: { event: "", open: true }, steps: 10 });
    expect([got.gap, got.min_share, got.without, got.direction, got.which]).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it("is asked once its event is chosen, and never leaves that event out", () => {
    expect(whole(start)).toBeUndefined();
    expect(whole({ ...start, anchor: { event: "" } })?.anchor).toEqual({ event: "" });
    expect(whole({ ...start, anchor: { event: "A" }, without: ["A"] })?.without).toBeUndefined();
  });

  it("reads pauses", () => expect([gapOf("30m"), gapOf("0h"), gapOf("7d"), gapOf("")]).toEqual([{ n: 30, unit: "m" }, undefined, { n: 7, unit: "d" }, undefined]));
});

describe("the streams", () => {
  const spec = { answer, steps: 2, before: false, name: (n: PathNode) => n.event ?? n.what, int: String, tipNode: () => "", tipLink: () => "" };
  const series = (before: boolean) => (sankeyOption({ ...spec, before }, light) as { series: { data: { depth: number }[]; links: { source: string; target: string; places: number[] }[] }[] }).series[0];

  it("run in the direction of time", () => {
    expect(series(false)?.data.map((d) => d.depth)).toEqual([0, 1, 1, 2, 2]);
    expect(series(false)?.links[0]).toMatchObject({ source: "0", target: "1" });
    expect(series(true)?.data.map((d) => d.depth)).toEqual([2, 1, 1, 0, 0]);
    expect(series(true)?.links[0]).toMatchObject({ source: "1", target: "0", places: [0, 1] });
  });

  it("give an event one colour at every step, and none to others and ends", () => {
    const colour = coloursOf(answer.nodes, light);
    const [a0, b, end, a2, others] = answer.nodes.map(colour);
    expect(a0).toBe(a2);
    expect(new Set([a0, b, end, others]).size).toBe(4);
  });

  it("lead from a click to the people", () => {
    expect(picked({ dataType: "node", data: { name: "3" } })).toEqual({ node: 3 });
    expect(picked({ dataType: "edge", data: { places: [1, 4] } })).toEqual({ from: 1, to: 4 });
    expect(picked({ data: undefined })).toBeUndefined();
    expect(ofNode(answer.nodes[4] as PathNode)).toEqual({ step: 2, node: { what: "others" } });
    expect(ofLink(answer.nodes[1] as PathNode, answer.nodes[3] as PathNode)).toEqual({ step: 1, node: { what: "event", event: "B" }, next: { what: "event", event: "A" } });
  });
});
