// The editor of levels sends what it shows.
import { describe, expect, it } from "vitest";
import { blankLevel, defaults, draftOf, freeKey, fromPreview, lacking, moved, readNumbers, sent } from "./levels";

const rule = { text: 'has_tag("a")', sentence: { zh: "", en: "" }, problems: [] };
const level = (key: string, withRule = true) => draftOf({ key, title: key.toUpperCase(), color: "", strategy: " call ", rule: withRule ? rule : null });

describe("levels", () => {
  it("send no rule for the last one, and no action without a tag", () => {
    const levels = [{ ...level("a"), actions: [{ on: "enter" as const, action: "tag.add" as const, params: { tag: "" } }, { on: "leave" as const, action: "tag.remove" as const, params: { tag: "vip" } }] }, level("b")];
    expect(sent(levels)).toEqual([
      { key: "a", title: "A", color: undefined, strategy: "call", actions: [{ on: "leave", action: "tag.remove", params: { tag: "vip" } }], rule: 'has_tag("a")' },
      { key: "b", title: "B", color: undefined, strategy: "call", actions: [] },
    ]);
  });

  it("say what they lack", () => {
    expect(lacking([level("a")])).toBe("few");
    expect(lacking([{ ...level("a"), title: " " }, level("b")])).toBe("title");
    expect(lacking([{ ...level("a"), sound: false }, level("b")])).toBe("rule");
    expect(lacking([blankLevel([]), level("b")])).toBe("title");
    expect(lacking([level("a"), level("b", false)])).toBeUndefined();
  });

  it("move by one and stop at the ends", () => {
    const levels = [level("a"), level("b"), level("c")];
    expect(moved(levels, 0, 1).map((l) => l.key)).toEqual(["b", "a", "c"]);
    expect(moved(levels, 2, 1)).toBe(levels);
    expect(moved(levels, 0, -1)).toBe(levels);
  });

  it("get keys nobody has", () => expect(freeKey(["level_1", "level_3"])).toBe("level_2"));

  it("take a template's words in the reader's language, and the server's where there are none", () => {
    const level = (key: string) => ({ key, title: "核心", color: "", rule, strategy: "给身份" });
    const preview = { levels: [level("core"), level("other")], params: {}, cutoffs: null, counts: [], total: 0 };
    const made = fromPreview(preview, (key, what, otherwise) => (key === "core" ? `${what} in English` : otherwise));
    expect(made.map((l) => [l.title, l.strategy])).toEqual([["title in English", "strategy in English"], ["核心", "给身份"]]);
  });
});

it("reads numbers however they are parted", () => {
  expect(readNumbers("500, 2000，9000、1e4")).toEqual([500, 2000, 9000, 10000]);
  expect(readNumbers("")).toBeUndefined();
  expect(readNumbers("a lot")).toBeUndefined();
});

it("begins with the template's parameters", () => {
  expect(defaults([{ name: "days", title: { zh: "", en: "" }, kind: "days", default: 30 }])).toEqual({ days: 30 });
});
