import { describe, expect, it } from "vitest";
import { read, whole, wholeRungs } from "./query";

describe("the query of a ladder", () => {
  it("is read from any address", () => {
    expect(read({ last: 30, rungs: "no", people: "" })).toEqual({ rungs: undefined, from: undefined, to: undefined, last: 30, people: undefined });
    const rungs = read({ rungs: [{ title: "A", steps: [{ event: "Page Viewed" }] }, {}, {}, { steps: 3 }] }).rungs;
    expect(rungs?.map((r) => [r.key, r.title, r.steps.length])).toEqual([
      ["interest", "A", 1],
      ["demand", "demand", 0],
      ["trust", "trust", 0],
      ["cost", "cost", 0],
    ]);
  });
  it("is asked only when every step has its event", () => {
    const rung = (event: string) => ({ key: "interest" as const, title: "A", steps: [{ event }], means: [] });
    expect(wholeRungs([rung("Page Viewed")])?.[0]?.steps).toEqual([{ event: "Page Viewed" }]);
    expect(whole({ rungs: [rung("")] })).toBeUndefined();
    expect(whole({ last: 7 })).toEqual({ last: 7 });
  });
});
