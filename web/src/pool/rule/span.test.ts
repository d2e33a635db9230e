// Problems are underlined where they are, whatever letters stand before them.
import { describe, expect, it } from "vitest";
import { marked, mended, spanOf, tokens } from "./span";

describe("places in a text", () => {
  it("counts characters, not units", () => {
    const text = '"𠮷野家" && person.ctiy';
    expect(text.slice(...spanOf(text, { offset: 9, length: 11 }))).toBe("person.ctiy");
  });
  it("marks at least one letter, within the text", () => {
    expect(spanOf("ab", { offset: 0, length: 0 })).toEqual([0, 1]);
    expect(spanOf("ab", { offset: 2, length: 0 })).toEqual([1, 2]);
    expect(spanOf("ab", { offset: 9, length: 3 })).toEqual([1, 2]);
    expect(spanOf("", { offset: 0, length: 1 })).toEqual([0, 0]);
  });
});

describe("suggestions", () => {
  it("replace the place", () => {
    expect(mended('person.ctiy == "杭州"', { offset: 7, length: 4 }, "city")).toBe('person.city == "杭州"');
  });
  it("keep the quotes", () => {
    expect(mended('count("Ordre", "30d") > 1', { offset: 6, length: 7 }, "Order Completed")).toBe('count("Order Completed", "30d") > 1');
    expect(mended("has_tag('x')", { offset: 8, length: 3 }, "it's")).toBe("has_tag('it\\'s')");
    expect(mended('has_tag("x")', { offset: 8, length: 3 }, '"y"')).toBe('has_tag("y")');
  });
});

describe("colouring", () => {
  const text = 'count("Order \\"x\\"", "30d") >= 3.5 && person.city in ["杭州"]';
  it("loses no letter", () => {
    expect(tokens(text).map((t) => t.text).join("")).toBe(text);
    expect(marked(text, [[3, 10], [20, 40]]).map((t) => t.text).join("")).toBe(text);
  });
  it("knows names, texts and numbers", () => {
    const of = (kind: string) => tokens(text).filter((t) => t.kind === kind).map((t) => t.text);
    expect(of("name")).toEqual(["count"]);
    expect(of("string")).toEqual(['"Order \\"x\\""', '"30d"', '"杭州"']);
    expect(of("number")).toEqual(["3.5"]);
    expect(of("word")).toEqual(["in"]);
  });
  it("marks exactly the span", () => {
    const [from, to] = [text.indexOf("person"), text.indexOf(" in")];
    expect(marked(text, [[from, to]]).filter((t) => t.bad).map((t) => t.text).join("")).toBe("person.city");
  });
});
