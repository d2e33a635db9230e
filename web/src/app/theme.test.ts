import { describe, expect, it } from "vitest";
import { dark, light, type Palette } from "./theme";

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2 contrast ratio. */
function contrast(a: string, b: string): number {
  const [hi = 0, lo = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
}

describe.each([
  ["light", light],
  ["dark", dark],
])("the %s palette", (_name, p: Palette) => {
  it.each([
    ["ink", "paper"],
    ["ink2", "card"],
    ["ink3", "card"],
    ["ink3", "paper"],
    ["teal", "card"],
    ["teal", "tealSoft"],
    ["lake", "card"],
    ["lake", "lakeSoft"],
    ["act", "card"],
    ["act", "actSoft"],
    ["actInk", "act"],
    ["good", "card"],
    ["bad", "badSoft"],
  ] as const)("reads %s on %s at 4.5:1", (ink, ground) => {
    expect(contrast(p[ink], p[ground])).toBeGreaterThanOrEqual(4.5);
  });
  it("shows the first three series on a card at 2:1 or better", () => {
    for (const colour of p.series.slice(0, 3)) expect(contrast(colour, p.card)).toBeGreaterThanOrEqual(2);
  });
});
