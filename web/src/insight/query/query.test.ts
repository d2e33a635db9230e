// What an address or a rule's text holds becomes fields, and back.
import { describe, expect, it } from "vitest";
import { ApiError } from "../../api/error";
import { readBreakdown } from "./BreakdownField";
import { mendings, offered, pathOf, setAt } from "./mend";
import { daysOfSpan } from "./RangeField";
import { moved, readSteps, wholeSteps } from "./steps";
import { readJson } from "./useQueryState";
import { shifted, whereOf } from "./where";

describe("steps", () => {
  it("of an address are kept as far as they are steps", () => {
    expect(readSteps([{ event: "A", where: "event.x == 1", title: "", more: 1 }, { event: 3 }, null, { event: "" }])).toEqual([{ event: "A", where: "event.x == 1" }, { event: "" }]);
    expect(readSteps("A")).toEqual([]);
  });
  it("are whole once every event is chosen", () => {
    expect(wholeSteps([{ event: "A" }, { event: "", open: true }])).toBeUndefined();
    expect(wholeSteps([{ event: "A", where: "" }, { event: "", title: "any" }])).toEqual([{ event: "A" }, { event: "", title: "any" }]);
  });
  it("move, and the others keep their order", () => {
    expect(moved(["a", "b", "c", "d"], 0, 2)).toEqual(["b", "c", "a", "d"]);
    expect(moved(["a", "b", "c", "d"], 3, 1)).toEqual(["a", "d", "b", "c"]);
  });
});

describe("a span", () => {
  it("ends today unless told", () => {
    expect(daysOfSpan({}, "2026-03-02")).toEqual({ from: "2026-02-01", to: "2026-03-02" });
    expect(daysOfSpan({ last: 7 }, "2026-03-02")).toEqual({ from: "2026-02-24", to: "2026-03-02" });
    expect(daysOfSpan({ last: 2, to: "2026-01-01" }, "2026-03-02")).toEqual({ from: "2025-12-31", to: "2026-01-01" });
    expect(daysOfSpan({ from: "2026-02-27", last: 2 }, "2026-03-02")).toEqual({ from: "2026-02-27", to: "2026-03-02" });
  });
});

describe("a filter within a rule", () => {
  const event = 'a "b"';
  const rule = 'count("a \\"b\\"", "all", event.price >= 100) >= 1';
  it("is what stands in the place of the filter", () => {
    expect(whereOf(rule, event)).toBe("event.price >= 100");
    expect(whereOf('count("a", "all") >= 1', "a")).toBe("");
  });
  it("has its problems where they are in it", () => {
    const at = rule.indexOf("price");
    const problem = { line: 1, column: at + 1, offset: at, length: 5, code: "rule.x", message: "", message_zh: "" };
    expect(shifted([problem], event, "event.price >= 100")).toEqual([{ ...problem, offset: 6, length: 5, column: 7 }]);
  });
  it("has problems beyond its end at its end", () => {
    const problem = { line: 1, column: 60, offset: 60, length: 3, code: "rule.x", message: "", message_zh: "" };
    expect(shifted([problem], "E", "abc")[0]).toMatchObject({ offset: 3, length: 0 });
  });
});

it("reads objects only from an address", () => {
  expect(readJson('{"a":1}')).toEqual({ a: 1 });
  for (const bad of [undefined, "", "{", "[1]", "3", "null"]) expect(readJson(bad)).toBeUndefined();
});

it("reads breakdowns only that there are", () => {
  expect(readBreakdown({ by: "tier", name: "activity", limit: 5.7 })).toEqual({ by: "tier", name: "activity", limit: 5 });
  expect(readBreakdown({ by: "moon" })).toBeUndefined();
  expect(readBreakdown({ by: "tag", names: ["a", 1] })).toEqual({ by: "tag", names: ["a"] });
});

describe("a refused question", () => {
  const refused = (code: string, location: string, message = "") => new ApiError({ status: 422, code, detail: message, violations: [{ location, message }] });
  it("is mended where it was refused", () => {
    expect(pathOf("body.steps[1].event")).toEqual(["steps", 1, "event"]);
    expect(pathOf("breakdown.name")).toEqual(["breakdown", "name"]);
    const query = { steps: [{ event: "A" }, { event: "B", where: "x" }], people: "y" };
    expect(setAt(query, ["steps", 1, "event"], "C")).toEqual({ ...query, steps: [{ event: "A" }, { event: "C", where: "x" }] });
    expect(setAt(query, ["steps", 7, "event"], "C")).toEqual(query);
  });
  it("offers the names that may be meant", () => {
    const [m] = mendings(refused("insight.event_unknown", "steps[0].event", 'the pool knows no event "Ordr"; did you mean "Order \\"A\\"" or "B"?'));
    expect(m).toEqual({ do: "use", name: 'Order "A"', path: ["steps", 0, "event"] });
    expect(offered("the pool knows no event; choose one that it knows")).toEqual([]);
  });
  it("can go on without what was wrong", () => {
    expect(mendings(refused("insight.where_invalid", "steps[1].where"))).toEqual([{ do: "drop", what: "where", path: ["steps", 1, "where"], step: 2 }]);
    expect(mendings(refused("rule.invalid", "people"))).toEqual([{ do: "drop", what: "people", path: ["people"] }]);
    expect(mendings(refused("insight.range_future", "from"))).toEqual([{ do: "drop", what: "days", path: [] }]);
    expect(mendings(refused("insight.too_many_groups", ""))).toEqual([{ do: "drop", what: "breakdown", path: ["breakdown"] }]);
  });
});
