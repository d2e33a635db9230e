// What an address holds becomes a funnel, what is not whole is not asked, and a click into the drawing means what lies there.
import { describe, expect, it } from "vitest";
import { light } from "../../app/theme";
import { funnelOption, picked, type FunnelSpec } from "./chart";
import type { StepAnswer } from "./funnel";
import { amountOf, read, start, whole } from "./query";

const step = (people: number, dropped: number, rate: number | null): StepAnswer => ({ people, dropped, rate, rate_previous: rate, median_s: null, p90_s: null, bins: [] });

describe("a funnel", () => {
  it("begins with two steps to choose and asks nothing", () => {
    expect(read({})).toMatchObject({ steps: start.steps, window: "7d" });
    expect(whole(start)).toBeUndefined();
    expect(whole({ ...start, steps: [{ event: "A" }] })).toBeUndefined();
    expect(whole({ ...start, steps: [{ event: "A" }, { event: "", open: true }] })).toBeUndefined();
  });

  it("survives an address and back", () => {
    const query = { ...start, steps: [{ event: "A", where: "event.x == 1" }, { event: "" }], order: "any" as const, breakdown: { by: "channel" as const }, people: "person.vip", grain: "week" as const };
    expect(JSON.parse(JSON.stringify(read(JSON.parse(JSON.stringify(query)) as Record<string, unknown>)))).toEqual(JSON.parse(JSON.stringify(query)));
  });

  it("takes nothing from an address that is none", () => {
    const got = read({ steps: "x", window: "7 days", order: "odd", exclude: [1, { event: "C", from: -1, to: 2.5 }], grain: "year", from: "yesterday", last: -3, people: 7 });
    expect(got).toEqual({ steps: start.steps, window: "7d", order: undefined, exclude: [{ event: "C", from: undefined, to: undefined }], breakdown: undefined, grain: undefined, from: undefined, to: undefined, last: undefined, people: undefined });
  });

  it("is sent with what counts only", () => {
    const steps = [{ event: "A", title: "" }, { event: "B" }];
    const sent = whole({ ...start, steps, order: "ordered", exclude: [{ event: "X", from: 1, to: 5 }, { event: "", open: true }] });
    expect(JSON.parse(JSON.stringify(sent))).toEqual({ steps: [{ event: "A" }, { event: "B" }], window: "7d", last: 30, exclude: [{ event: "X", from: 1, to: 2 }] });
    expect(whole({ ...start, steps, order: "any", exclude: [{ event: "X" }] })?.exclude).toBeUndefined();
    expect(whole({ ...start, steps, breakdown: { by: "tag", names: [] } })).toBeUndefined();
  });

  it("reads windows", () => {
    expect(amountOf("12h")).toEqual({ n: 12, unit: "h" });
    for (const bad of [undefined, "", "0d", "7", "7w", "-1d", "1.5d"]) expect(amountOf(bad)).toBeUndefined();
  });
});

describe("the drawing of a funnel", () => {
  const words = { people: "people", share: "share", dropped: "dropped", reached: "reached" };
  const spec = (groups: FunnelSpec["groups"]): FunnelSpec => ({ steps: ["A", "B"], groups, words, int: String, short: String, pct: String, tip: () => "" });
  const steps = [step(100, 0, 1), step(40, 60, 0.4)];

  it("stacks those who left on those who came, so that the bars of a step are those of the step before", () => {
    const { series } = funnelOption(spec([{ name: "all", steps }]), light) as { series: { data: number[]; stack: string }[] };
    expect(series.map((s) => s.data)).toEqual([[100, 40], [0, 60]]);
    expect(new Set(series.map((s) => s.stack)).size).toBe(1);
  });

  it("compares groups by their own first step", () => {
    const { series } = funnelOption(spec([{ name: "x", steps }, { name: "y", steps: [step(0, 0, null), step(0, 0, null)] }]), light) as { series: { name: string; data: (number | null)[] }[] };
    expect(series).toMatchObject([{ name: "x", data: [1, 0.4] }, { name: "y", data: [null, null] }]);
  });

  it("knows what was clicked", () => {
    expect(picked({ seriesIndex: 0, dataIndex: 1 }, 1)).toEqual({ group: 0, step: 2, who: "reached" });
    expect(picked({ seriesIndex: 1, dataIndex: 1 }, 1)).toEqual({ group: 0, step: 2, who: "dropped" });
    expect(picked({ seriesIndex: 2, dataIndex: 0 }, 3)).toEqual({ group: 2, step: 1, who: "reached" });
    expect(picked({}, 1)).toBeUndefined();
  });
});
