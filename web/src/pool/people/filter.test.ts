import { describe, expect, it } from "vitest";
import { parseSearch, stringifySearch } from "../../app/search";
import { exportQuery, filtersOf, isComplete, readFilter, validatePeopleSearch, withFilters, writeFilter, type Filter } from "./filter";

describe("a filter in the address", () => {
  const filters: Filter[] = [
    { field: "last_seen", op: "gte", value: "2026-09-01" },
    { field: "orders", op: "gte", value: "2" },
    { field: "identified", op: "eq", value: "false" },
    { field: "channel", op: "unset", value: "" },
    { field: "trait.city", op: "eq", value: "杭州" },
    { field: "trait.utm:source", op: "contains", value: "a:b c&d" },
  ];

  it("comes back as it was written, colons in names and values included", () => {
    for (const f of filters) expect(readFilter(writeFilter(f))).toEqual(f);
  });

  it("survives the address bar", () => {
    const text = stringifySearch({ ...withFilters({ q: "138" }, filters) });
    expect(filtersOf(validatePeopleSearch(parseSearch(text)))).toEqual(filters);
  });

  it("is read when given once, as a link from a figure does", () => {
    expect(filtersOf(validatePeopleSearch(parseSearch("?f=orders:gte:1")))).toEqual([{ field: "orders", op: "gte", value: "1" }]);
  });

  it("is dropped when it cannot be sent", () => {
    for (const bad of ["orders", "orders:gte:many", "password:eq:x", "last_seen:gte:yesterday", "identified:eq:maybe", "trait.city:eq:", "orders:contains:1"]) {
      expect(readFilter(bad), bad).toBeUndefined();
    }
    expect(validatePeopleSearch({ f: ["orders", "orders:gte:1"], sort: "password" })).toEqual({ q: undefined, f: ["orders:gte:1"], sort: undefined });
  });

  it("needs no value for set and unset, however it was typed", () => {
    expect(readFilter("trait.city:set")).toEqual({ field: "trait.city", op: "set", value: "" });
    expect(readFilter("trait.city:unset:x")).toEqual({ field: "trait.city", op: "unset", value: "" });
  });
});

describe("withFilters", () => {
  it("keeps equal conditions once, leaves out incomplete ones and keeps the rest of the address", () => {
    const one: Filter = { field: "orders", op: "gte", value: "1" };
    expect(withFilters({ q: "x", sort: "-revenue" }, [one, { ...one }, { field: "events", op: "gte", value: "" }])).toEqual({
      q: "x",
      sort: "-revenue",
      f: ["orders:gte:1"],
    });
    expect(withFilters({ f: ["orders:gte:1"] }, [])).toEqual({ f: undefined });
  });
});

describe("isComplete", () => {
  it("takes whole numbers only, money being in minor units", () => {
    expect(isComplete({ field: "revenue", op: "gte", value: "19900" })).toBe(true);
    expect(isComplete({ field: "revenue", op: "gte", value: "199.5" })).toBe(false);
  });
});

describe("exportQuery", () => {
  it("asks for what the list shows", () => {
    const q = new URLSearchParams(exportQuery({ q: "林", f: ["orders:gte:1", "trait.city:eq:杭州"] }, ["id", "trait.city"]));
    expect(q.get("q")).toBe("林");
    expect(q.getAll("f")).toEqual(["orders:gte:1", "trait.city:eq:杭州"]);
    expect(q.get("sort")).toBe("-last_seen");
    expect(q.get("columns")).toBe("id,trait.city");
  });
});

describe("filters that the overview's figures lead to", () => {
  it.each(["class:eq:offline", "last_order:gte:2026-10-24", "channel:unset:"])("reads %s", (text) => {
    const f = readFilter(text);
    expect(f && writeFilter(f)).toBe(text);
  });
  it("refuses a class that channels do not have", () => {
    expect(readFilter("class:eq:paid")).toBeUndefined();
  });
});
