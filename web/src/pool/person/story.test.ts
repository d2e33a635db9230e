import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import type { Edge, Identity } from "../../api/types";
import en from "./locale.en.json";
import zh from "./locale.zh-CN.json";
import { byHand, newestFirst, reasonText, sentence, sentenceText } from "./story";
import { bestIdentity, split } from "./split";

const phone = { kind: "phone", scope: "", value: "+8613800138000" };
const user = { kind: "user_id", scope: "", value: "u123" };
const edge = (over: Partial<Edge>): Edge => ({
  id: 1, at: "2026-03-02T02:14:00Z", kind: "link", a: phone, b: user, reason: "same event", event_id: "e1", author: "system", active: true, cut_at: null, cut_reason: "", cut_author: "", ...over,
});

const i18n = i18next.createInstance();
const zhT = (key: string, values?: object) => i18n.t(key, { lng: "zh-CN", ...values });
const enT = (key: string, values?: object) => i18n.t(key, { lng: "en", ...values });
const name = (r: { kind: string; value: string }) => `${r.kind === "phone" ? "手机号" : "用户号"} ${r.value}`;

beforeAll(() =>
  i18n.init({ resources: { "zh-CN": { person: zh }, en: { person: en } }, defaultNS: "person", interpolation: { escapeValue: false } }),
);

describe("the story's sentences", () => {
  it("say who was linked and why, in Chinese order", () => {
    expect(sentenceText(edge({}), zhT, name)).toBe("手机号 +8613800138000 与 用户号 u123 因「同一事件中出现」连到一起");
  });

  it("keep identities apart from the words, so that they can be drawn and followed", () => {
    expect(sentence(edge({}), enT)).toEqual([phone, " and ", user, " were linked: seen in the same event"]);
  });

  it("have a text of their own for every kind in both languages", () => {
    for (const t of [zhT, enT]) {
      const texts = (["link", "merge", "kept", "unmerge", "quarantine"] as const).map((kind) => sentenceText(edge({ kind }), t, name));
      expect(new Set(texts).size).toBe(5);
      for (const text of texts) expect(text).not.toMatch(/story\.|<[ab]>|\{\{/);
    }
  });

  it("name one identity only where there is but one", () => {
    const text = sentenceText(edge({ kind: "quarantine", b: { kind: "", scope: "", value: "" }, reason: "by hand" }), zhT, name);
    expect(text).toContain("手机号 +8613800138000");
    expect(text).not.toContain("用户号");
  });

  it("leave a reason that somebody wrote as it is, and say nothing where none was given", () => {
    expect(reasonText("同一台收银机", zhT)).toBe("同一台收银机");
    expect(sentenceText(edge({ kind: "merge", reason: "客服 <a> 核实" }), zhT, name)).toContain("客服");
    expect(sentenceText(edge({ reason: "" }), zhT, name)).toBe("手机号 +8613800138000 与 用户号 u123 连到一起");
  });

  it("tell people from the system", () => {
    expect([byHand("system"), byHand(""), byHand("lin@example.com")]).toEqual([false, false, true]);
  });

  it("go from the newest to the oldest", () => {
    const ids = newestFirst([edge({ id: 1 }), edge({ id: 2 }), edge({ id: 3, at: "2026-03-01T00:00:00Z" })]).map((e) => e.id);
    expect(ids).toEqual([2, 1, 3]);
  });
});

describe("an unmerge", () => {
  const identity = (id: number, over: Partial<Identity> = {}): Identity => ({
    id, kind: "phone", scope: "", value: `v${id}`, strength: "weak", state: "active", first_seen: "", last_seen: "", events: id, ...over,
  });
  const person = { identities: [identity(1, { strength: "strong" }), identity(2), identity(3)] };

  it("shows both sides, and refuses to leave one empty", () => {
    expect(split(person, new Set([2])).stays.map((i) => i.id)).toEqual([1, 3]);
    expect(split(person, new Set([2])).fault).toBeUndefined();
    expect(split(person, new Set([2])).keeper).toBe("stays");
    expect(split(person, new Set([1])).keeper).toBe("leaves");
    expect(split(person, new Set()).fault).toBe("nothing");
    expect(split(person, new Set([1, 2, 3])).fault).toBe("everything");
    expect(split(person, new Set([99])).fault).toBe("nothing");
  });

  it("calls a nameless person by the strongest identity, then by the most used", () => {
    expect(bestIdentity(person.identities)?.id).toBe(1);
    expect(bestIdentity([identity(2), identity(3), identity(4, { state: "quarantined" })])?.id).toBe(3);
    expect(bestIdentity([])).toBeUndefined();
  });
});
