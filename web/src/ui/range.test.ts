import { describe, expect, it } from "vitest";
import { presetRange } from "./range";

describe("presets of days, both ends included", () => {
  it.each([
    ["today", "2026-03-01", "2026-03-01", "2026-03-01"],
    ["last7", "2026-03-01", "2026-02-23", "2026-03-01"],
    ["last30", "2026-03-01", "2026-01-31", "2026-03-01"],
    ["this_month", "2026-03-31", "2026-03-01", "2026-03-31"],
    ["last_month", "2026-03-31", "2026-02-01", "2026-02-28"],
    ["last_month", "2024-03-01", "2024-02-01", "2024-02-29"],
    ["last365", "2026-12-31", "2026-01-01", "2026-12-31"],
  ] as const)("%s on %s", (name, today, from, to) => {
    expect(presetRange(name, today)).toEqual({ from, to });
  });
});
