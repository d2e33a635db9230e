import { describe, expect, it } from "vitest";
import type { Identity, IdentityKind, Person } from "../../api/types";
import { previewMerge } from "./merge";
import { hueOf, initials } from "./name";

const identity = (kind: string, value: string, scope = ""): Identity => ({
  id: 1, kind, scope, value, strength: "strong", state: "active", first_seen: "", last_seen: "", events: 1,
});
const person = (over: Partial<Person>): Person => ({
  id: 1, name: "", email: "", phone: "", identified: true, channel: "", first_seen: "2026-01-02T00:00:00Z", last_seen: "2026-02-02T00:00:00Z",
  events: 10, orders: 1, revenue: 1000, traits: {}, traits_at: {}, identities: [], story: [], conflicts: [],
  value: { orders: 1, revenue: 1000, average_order: 1000, first_order: null, last_order: null, cancelled: 0, days_since_last_order: null },
  first_touch: null, last_touch: null, last_event: null, daily: [], ...over,
});
const kind = (name: string, unique: boolean): IdentityKind => ({ kind: name, title: name, title_zh: name, unique, strong: true, merges: true, builtin: true, trait: "", rank: 1 });

describe("the preview of a merge", () => {
  it("keeps the smallest number and adds up what both did", () => {
    const p = previewMerge([person({ id: 9, first_seen: "2025-05-01T00:00:00Z", identities: [identity("phone", "a")] }), person({ id: 4, events: 5, revenue: 250, last_seen: "2026-03-01T00:00:00Z" })], []);
    expect(p).toMatchObject({ id: 4, events: 15, orders: 2, revenue: 1250, firstSeen: "2025-05-01T00:00:00Z", lastSeen: "2026-03-01T00:00:00Z" });
    expect(p?.identities.map((i) => i.value)).toEqual(["a"]);
    expect(previewMerge([], [])).toBeUndefined();
  });

  it("takes the trait that was set last, and names the one that gives way", () => {
    const p = previewMerge(
      [
        person({ traits: { city: "杭州", name: "林" }, traits_at: { city: "2026-01-01T00:00:00Z", name: "2026-01-01T00:00:00Z" } }),
        person({ id: 2, traits: { city: "上海", name: "林" }, traits_at: { city: "2026-02-01T00:00:00Z", name: "2026-02-01T00:00:00Z" } }),
      ],
      [],
    );
    expect(p?.differs).toEqual([{ trait: "city", kept: "上海", others: ["杭州"] }]);
  });

  it("foresees the guard: two values of a kind that a person has only one of, in the same scope", () => {
    const people = [
      person({ identities: [identity("user_id", "u1"), identity("openid", "o1", "app1"), identity("phone", "1")] }),
      person({ id: 2, identities: [identity("user_id", "u2"), identity("openid", "o2", "app2"), identity("phone", "2")] }),
    ];
    expect(previewMerge(people, [kind("user_id", true), kind("openid", true), kind("phone", false)])?.guarded).toEqual([{ kind: "user_id", values: ["u1", "u2"] }]);
  });
});

describe("an avatar", () => {
  it("has letters of the name, none for numbers", () => {
    expect(["林知夏", "王芳", "Ada Lovelace", "bob", "欧阳娜 Nana", "+8613800138000", ""].map(initials)).toEqual(["知夏", "王芳", "AL", "B", "欧N", "", ""]);
  });

  it("keeps its colour", () => {
    expect(hueOf(13)).toBe(hueOf(13));
    for (const id of [0, 1, 5, 6, 1e9]) expect(hueOf(id)).toBeGreaterThanOrEqual(1);
    for (const id of [0, 1, 5, 6, 1e9]) expect(hueOf(id)).toBeLessThanOrEqual(6);
  });
});
