import { describe, expect, it } from "vitest";
import { columnChoices, isInstant, isShownAtFirst, traitText } from "./columns";
import { keepView, readViews, sameSearch } from "./views";

describe("saved views", () => {
  it("hold a name once and read back", () => {
    const a = { name: "老客", search: { f: ["orders:gte:2"] }, columns: ["name"] };
    const kept = keepView(keepView([], a), { ...a, search: { f: ["orders:gte:3"] } });
    expect(kept).toEqual([{ ...a, search: { f: ["orders:gte:3"] } }]);
    expect(readViews(JSON.stringify(kept))).toEqual(kept);
  });

  it("are none where the browser kept something else", () => {
    for (const text of [null, "", "{", "{}", "[1]", '[{"name":"x"}]', '[{"name":"x","search":null,"columns":[]}]']) expect(readViews(text)).toEqual([]);
  });

  it("are told apart by what they show, not by the order of conditions", () => {
    expect(sameSearch({ f: ["a:eq:1", "b:eq:2"] }, { f: ["b:eq:2", "a:eq:1"] })).toBe(true);
    expect(sameSearch({ q: "x" }, {})).toBe(false);
    expect(sameSearch({ sort: "-orders" }, {})).toBe(false);
  });
});

describe("columns", () => {
  const choices = columnChoices(["city", "phone", "skin_type"]);

  it("offer each trait once", () => {
    expect(choices.filter((c) => c.endsWith("phone"))).toEqual(["phone"]);
    expect(choices).toContain("trait.skin_type");
  });

  it("show the city at first, other traits only when asked", () => {
    expect(choices.filter(isShownAtFirst)).toContain("trait.city");
    expect(isShownAtFirst("trait.skin_type")).toBe(false);
  });

  it("know a moment from a day, a number and other texts", () => {
    expect(["2026-03-28T07:05:56.888855Z", "2026-03-28T07:05+08:00", "2026-03-28", "2026-13-45T99:99:99Z", "13800138000", 5].map(isInstant)).toEqual([true, true, false, false, false, false]);
  });

  it("show any value as text", () => {
    expect([undefined, null, 0, false, "x", { a: 1 }].map(traitText)).toEqual(["", "", "0", "false", "x", '{"a":1}']);
  });
});
