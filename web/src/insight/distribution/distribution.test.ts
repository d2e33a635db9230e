// What an address holds becomes a question that can be asked, and bins are called what they hold.
import { describe, expect, it } from "vitest";
import { edgesOf, readInterval, readList, readRfm, wholeDistribution, wholeInterval, wholeRfm, wholeStickiness } from "./query";
import { classWords } from "./RfmView";
import { wholeBin } from "./words";

it("reads rising lists only", () => {
  expect(readList("1, 5,20")).toEqual([1, 5, 20]);
  expect(readList("1，5、20")).toEqual([1, 5, 20]);
  for (const bad of ["", "5, 1", "1, x", "1, 1"]) expect(readList(bad), bad).toBeUndefined();
  expect(edgesOf("no list")).toBeUndefined();
});

describe("a question", () => {
  it("waits for its event and its property", () => {
    expect(wholeDistribution({ figure: "times", step: { event: "", open: true } })).toBeUndefined();
    expect(wholeDistribution({ figure: "property", step: { event: "A" } })).toBeUndefined();
    expect(wholeDistribution({ figure: "trait", name: "city", step: { event: "", open: true } })).toEqual({ figure: "trait", name: "city", step: undefined });
    expect(wholeStickiness({ step: { event: "" } })).toEqual({ step: { event: "" } });
    expect(wholeInterval(readInterval({ start: { event: "A" } }))).toBeUndefined();
    expect(wholeInterval(readInterval({ start: { event: "A" }, end: { event: "B" }, pair: "last", within: 7 }))).toMatchObject({ start: { event: "A" }, end: { event: "B" }, pair: "last", within: 7 });
  });
  it("has as many fixed cuts of each figure, or none", () => {
    const step = { event: "A" };
    expect(wholeRfm({ step, recent: [1] })).toBeUndefined();
    expect(wholeRfm({ step, bins: 5, recent: [1], often: [2], much: [3] })).toEqual({ step, bins: undefined, recent: [1], often: [2], much: [3] });
    expect(readRfm({ bins: 40, recency: "moon" })).toMatchObject({ bins: 10, recency: undefined });
  });
});

it("knows the whole numbers of a bin", () => {
  expect(wholeBin(null, 2)).toEqual([1, 1]);
  expect(wholeBin(11, 21)).toEqual([11, 20]);
  expect(wholeBin(51, null)).toEqual([51, undefined]);
});

it("says what is in a class of the grid", () => {
  const words = { upto: (to: string) => `≤${to}`, over: (from: string) => `>${from}` };
  expect([0, 1, 2, 3].map((i) => classWords([1, 2, 2], i, String, words))).toEqual(["≤1", "1 – 2", "—", ">2"]);
});
