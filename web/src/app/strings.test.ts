// Both languages say everything: the same keys, none empty, every key that a source file names is there.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const src = join(import.meta.dirname, "..");
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).map((f) => join(src, f));
const rooms = files.filter((f) => f.endsWith("locale.zh-CN.json")).map((f) => f.slice(0, -"/locale.zh-CN.json".length));

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ""): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") out.set(prefix + key, value);
    else flat(value, `${prefix}${key}.`).forEach((v, k) => out.set(k, v));
  }
  return out;
}

const words = (room: string, lang: string) => flat(JSON.parse(readFileSync(join(room, `locale.${lang}.json`), "utf8")) as Tree);
const name = (room: string) => relative(src, room);
// i18next's plural endings differ by language on purpose
const singular = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, "");
const slots = (text: string) => new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1] ?? ""));

describe.each(rooms.map((r) => [name(r), r]))("strings of %s", (_name, room) => {
  const zh = words(room, "zh-CN");
  const en = words(room, "en");

  it("has the same keys in both languages", () => {
    const keys = (m: Map<string, string>) => [...new Set([...m.keys()].map(singular))].sort();
    expect(keys(en)).toEqual(keys(zh));
  });
  it("leaves nothing empty", () => {
    for (const [key, text] of [...zh, ...en]) expect(text.trim(), key).not.toBe("");
  });
  it("fills the same slots", () => {
    for (const [key, text] of zh) if (en.has(key)) expect(slots(en.get(key) ?? ""), key).toEqual(slots(text));
  });
  it("writes Chinese with Chinese punctuation", () => {
    for (const [key, text] of zh) expect(text, key).not.toMatch(/[\u4e00-\u9fff][,;:?!]|[,;?!](?=[\u4e00-\u9fff])/);
  });
});

describe("strings that the sources name", () => {
  const all = new Map(rooms.map((r) => [r.split("/").at(-1) ?? "", new Set([...words(r, "en").keys()].map(singular))]));
  const sources = files.filter((f) => /\.tsx?$/.test(f) && !f.includes(".test."));

  it.each(sources.map((f) => [relative(src, f), readFileSync(f, "utf8")]))("%s", (_name, text) => {
    const room = /useT\("(\w+)"\)/.exec(text)?.[1];
    for (const [, key = ""] of text.matchAll(/\bt\(\s*"([\w.:-]+)"/g)) {
      const [ns, rest] = key.includes(":") ? key.split(":") : [room, key];
      expect(all.get(ns ?? "")?.has(rest ?? ""), `${ns}:${rest}`).toBe(true);
    }
  });
});
