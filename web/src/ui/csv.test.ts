import { describe, expect, it } from "vitest";
import { toCsv } from "./csv";

describe("toCsv", () => {
  it("begins with a byte-order mark and ends lines with CRLF", () => {
    expect(toCsv(["a", "b"], [[1, null]])).toBe("\ufeffa,b\r\n1,\r\n");
  });
  it("quotes what would break a row", () => {
    expect(toCsv(["x"], [['say "hi", now\nagain']])).toContain('"say ""hi"", now\nagain"');
  });
  it("defuses text that a spreadsheet would run, but leaves numbers alone", () => {
    expect(toCsv(["x", "y"], [["=HYPERLINK(1)", -5]])).toBe("\ufeffx,y\r\n'=HYPERLINK(1),-5\r\n");
  });
});
