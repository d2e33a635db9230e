// What an address holds becomes a trend that can be asked, and lines find their axis.
import { describe, expect, it } from "vitest";
import { addUp, drawn, scalesOf } from "./lines";
import { read, start, whole, withEvent } from "./query";
import type { Line } from "./trend";

const line = (key: string, unit: Line["unit"]): Line => ({ key, unit, values: [1, null], total: 1 });

describe("a query", () => {
  it("of an address is read as far as it is one", () => {
    expect(read({})).toEqual({ ...start, last: undefined });
    const q = read({ series: [{ event: "A", measure: "moon", of: "x" }, 3, { event: "B", measure: "sum", of: "revenue" }], formulas: [{ text: "A / B" }, {}], grain: "year", compare: "year", smooth: 7, from: "2026-01-01" });
    expect(q.series).toEqual([{ event: "A", measure: "count", of: "x" }, { event: "B", measure: "sum", of: "revenue" }]);
    expect(q).toMatchObject({ formulas: [{ text: "A / B" }], grain: undefined, compare: "year", smooth: 7, from: "2026-01-01" });
  });
  it("is not asked before every event and property is chosen", () => {
    expect(whole({ series: [{ event: "", open: true }] })).toBeUndefined();
    expect(whole({ series: [{ event: "A", measure: "sum" }] })).toBeUndefined();
    expect(whole({ series: [{ event: "A" }], breakdown: { by: "tag", names: [] } })).toBeUndefined();
    expect(whole({ series: [{ event: "A", measure: "people", of: "x" }], formulas: [{ text: " " }], smooth: 1 })).toEqual({ series: [{ event: "A", measure: "people" }] });
  });
  it("asks no running values of percentiles", () => {
    expect(whole({ series: [{ event: "A", measure: "p90", of: "x" }], cumulative: true })?.cumulative).toBeUndefined();
  });
  it("keeps the amount when the event changes, and no other property", () => {
    expect(withEvent({ event: "A", measure: "sum", of: "revenue", where: "event.x == 1" }, "B")).toEqual({ event: "B", measure: "sum", of: "revenue" });
    expect(withEvent({ event: "A", measure: "sum", of: "x" }, "B").of).toBeUndefined();
  });
});

describe("lines", () => {
  it("share an axis by what they count", () => expect(scalesOf([line("A", "events"), line("B", "people"), line("C", "money"), line("F1", "share")])).toEqual(["number", "money", "share"]));
  it("are stacked only if they make a whole", () => {
    expect(addUp([line("A", "events"), line("A", "events")])).toBe(true);
    expect(addUp([line("A", "people"), line("A", "people")])).toBe(false);
    expect(addUp([line("A", "events"), line("B", "events")])).toBe(false);
  });
  it("show the moving average instead of the values where it was asked for", () => {
    expect(drawn({ ...line("A", "events"), smooth: [null, 2] }, "values")).toEqual([null, 2]);
    expect(drawn({ ...line("A", "events"), running: [1, 3] }, "running")).toEqual([1, 3]);
  });
});
