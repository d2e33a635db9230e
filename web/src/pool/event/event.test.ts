import { describe, expect, it } from "vitest";
import type { PoolEvent } from "../../api/types";
import { addNew, byDay, rowsOf } from "./days";
import { glance, iconOf } from "./glance";

const event = (id: string, time: string, over: Partial<PoolEvent> = {}): PoolEvent => ({
  id, type: "track", name: "Product Viewed", time, received_at: time, source: 1, person: 1, properties: {}, context: {}, amount: null, ...over,
});
const shanghai = new Intl.DateTimeFormat("sv", { timeZone: "Asia/Shanghai" });
const dayOf = (at: string) => shanghai.format(new Date(at));

describe("a timeline", () => {
  it("changes day at the pool's midnight, not at UTC's", () => {
    const days = byDay([event("c", "2026-03-02T16:30:00Z"), event("b", "2026-03-02T15:30:00Z"), event("a", "2026-03-01T16:00:00Z")], dayOf);
    expect(days.map((d) => [d.date, d.events.map((e) => e.id)])).toEqual([
      ["2026-03-03", ["c"]],
      ["2026-03-02", ["b", "a"]],
    ]);
  });

  it("takes new events once, the newest first, and forgets the oldest beyond its limit", () => {
    const known = [event("b", "2026-03-02T00:00:02Z"), event("a", "2026-03-02T00:00:01Z")];
    const added = addNew(known, [event("c", "2026-03-02T00:00:03Z"), event("b", "2026-03-02T00:00:02Z")], 2);
    expect(added.map((e) => e.id)).toEqual(["c", "b"]);
    expect(addNew(known, [event("a", "2026-03-02T00:00:01Z")])).toBe(known);
  });
});

describe("properties", () => {
  it("become rows, however deep", () => {
    expect(rowsOf({ total: 9.5, tags: ["a", "b"], products: [{ name: "龙井", price: 1 }], page: { path: "/x" }, none: null })).toEqual([
      { key: "total", value: "9.5" },
      { key: "tags", value: "a, b" },
      { key: "products[0].name", value: "龙井" },
      { key: "products[0].price", value: "1" },
      { key: "page.path", value: "/x" },
      { key: "none", value: "" },
    ]);
  });

  it("show what tells most at a glance", () => {
    expect(glance(event("a", "", { properties: { products: [{ name: "龙井" }, { name: "面霜" }, { name: "茶杯" }], total: 3 } }))).toBe("龙井、面霜 …");
    expect(glance(event("a", "", { properties: { total: 3, product_name: "龙井" } }))).toBe("龙井");
    expect(glance(event("a", "", { type: "page", context: { page: { path: "/tea" } } }))).toBe("/tea");
    expect(glance(event("a", ""))).toBe("");
  });
});

describe("an event's mark", () => {
  it("follows its type and the words of its name", () => {
    expect(["Order Completed", "Order Cancelled", "Coupon Redeemed", "Product Added", "Invite Accepted", "Qrcode Scanned", "Something"].map((name) => iconOf({ type: "track", name }))).toEqual(
      ["order", "cancel", "coupon", "cart", "share", "join", "dot"],
    );
    expect(iconOf({ type: "identify", name: "" })).toBe("person");
  });
});
