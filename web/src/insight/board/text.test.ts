import { expect, it } from "vitest";
import { readFilters, sameFilters } from "./filters";
import { paragraphs } from "./text";

it("reads the few signs of a text block as the server does", () => {
  const plain = (text: string) => ({ text, bold: false });
  expect(paragraphs("# 标题\r\na **b** c\nd\n- one\n\n** alone\n")).toEqual([
    { heading: 1, point: false, lines: [[plain("标题")]] },
    { heading: 0, point: false, lines: [[plain("a "), { text: "b", bold: true }, plain(" c")], [plain("d")]] },
    { heading: 0, point: true, lines: [[plain("one")]] },
    { heading: 0, point: false, lines: [[plain("** alone")]] },
  ]);
  expect(paragraphs(" \n\n")).toEqual([]);
});

it("reads filters of an address, and nothing that is none", () => {
  expect(readFilters({ last: 7, compare: true, people: "x", channel: "" })).toEqual({ last: 7, compare: true, people: "x" });
  expect(readFilters('{"from":"2026-01-01","to":"2026-01-31","last":3}')).toEqual({ from: "2026-01-01", to: "2026-01-31" });
  expect(readFilters({ from: "yesterday", last: -1 })).toEqual({});
  for (const none of [undefined, "", "{", "[]", null, 7]) expect(readFilters(none)).toBeUndefined();
  expect(sameFilters({ last: 7 }, { last: 7, compare: false, people: "" })).toBe(true);
  expect(sameFilters({ last: 7 }, { last: 8 })).toBe(false);
});
