import { describe, expect, it } from "vitest";
import { checkJson, pretty } from "./json";

describe("an event's JSON", () => {
  it("is right if it is an object", () => {
    expect(checkJson('{"type":"track"}')).toBeUndefined();
  });

  it("is wrong if it is anything else, without a made-up place", () => {
    for (const text of ["7", "null", "[]", '"x"']) expect(checkJson(text), text).toEqual({ line: 1, column: 1, kind: "shape" });
  });

  it("tells where it breaks", () => {
    expect(checkJson('{\n  "a": 1,\n  "b": x\n}')).toMatchObject({ line: 3, column: 8 });
    expect(checkJson('{"a": 1')).toMatchObject({ line: 1, column: 8 });
    expect(checkJson('{"a": [1, 2,]}')).toMatchObject({ line: 1, column: 13 });
    expect(checkJson("{'a': 1}")).toMatchObject({ line: 1, column: 2 });
    expect(checkJson('{"a": 1} x')).toMatchObject({ line: 1, column: 10 });
    expect(checkJson("")).toEqual({ line: 1, column: 1, kind: "syntax" });
  });

  it("is indented for reading, and left alone where it does not read", () => {
    expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(pretty("{a}")).toBe("{a}");
  });
});
