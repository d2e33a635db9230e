import { describe, expect, it } from "vitest";
import { many, one, parseSearch, stringifySearch } from "./search";

describe("the address bar", () => {
  it("repeats a parameter given many times, and leaves out the empty", () => {
    expect(stringifySearch({ q: "", f: ["orders:gte:2", "trait.city:eq:杭州"], sort: undefined })).toBe(
      "?f=orders%3Agte%3A2&f=trait.city%3Aeq%3A%E6%9D%AD%E5%B7%9E",
    );
    expect(stringifySearch({})).toBe("");
  });
  it("reads back what it wrote", () => {
    const search = { q: "a&b=c", f: ["x:eq:1", "y:eq:?"] };
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });
  it("takes one for many and many for one", () => {
    expect(many("a")).toEqual(["a"]);
    expect(one(["a", "b"])).toBe("a");
    expect(many(undefined)).toBeUndefined();
  });
});
