import { describe, expect, it } from "vitest";
import type { StockPoint } from "../../api/types";
import { bandPath, spread, wing } from "./dragonfly";
import { bucket, bucketStart, links } from "./links";
import { account, gather } from "./stock";

const shape = { across: 340, tipRoom: 268, bodyRoom: 104, gap: 14, least: 9 };

describe("a wing of the dragonfly", () => {
  const bands = wing([{ key: "owned", value: 300 }, { key: "partner", value: 100 }, { key: "offline", value: 0 }], shape);
  const width = (at: "tip" | "body") => bands.map((b) => b[at][1] - b[at][0]);

  it("gives widths in proportion beyond the least", () => {
    const [a = 0, b = 0, c = 0] = width("tip").map((w) => w - shape.least);
    expect(a / b).toBeCloseTo(3);
    expect(c).toBe(0);
  });
  it("fills its room at the tip and at the body, narrower there", () => {
    expect(width("tip").reduce((x, y) => x + y) + 2 * shape.gap).toBeCloseTo(shape.tipRoom);
    expect(width("body").reduce((x, y) => x + y)).toBeCloseTo(shape.bodyRoom);
    width("body").forEach((w, i) => expect(w).toBeLessThan(width("tip")[i] ?? 0));
  });
  it("draws nobody at all without dividing by zero", () => {
    expect(wing([], shape)).toEqual([]);
    expect(wing([{ key: "owned", value: 0 }], shape)[0]?.tip).toEqual([36, 45]);
  });
  it("stands upright by exchanging the axes", () => {
    const b = { key: "x", value: 1, tip: [10, 20] as [number, number], body: [12, 14] as [number, number] };
    expect(bandPath(b, 0, 100, true).slice(0, 11)).toBe("M0.0 10.0C5");
    expect(bandPath(b, 0, 100, false).slice(0, 11)).toBe("M10.0 0.0C1");
  });
  it("keeps labels apart and within the picture", () => {
    const at = spread([50, 60, 65, 300, 330], 40, 20, 320);
    at.slice(1).forEach((v, i) => expect(v - (at[i] ?? 0)).toBeGreaterThanOrEqual(40));
    expect(at.at(-1)).toBe(320);
  });
});

const day = (date: string, s: Partial<StockPoint>): StockPoint => ({
  date, people: 0, active: 0, silent: 0, new: 0, returning: 0, went_silent: 0, adds_up: true, ...s,
});
const stock = [
  day("2026-10-30", { people: 105, active: 53, new: 5, returning: 2, went_silent: 4 }),
  day("2026-10-31", { people: 106, active: 50, new: 1, went_silent: 4 }),
  day("2026-11-02", { people: 110, active: 56, new: 4, returning: 3, went_silent: 1 }),
];

describe("stock and flow", () => {
  it("adds up from the start to the end", () => {
    expect(account(stock)).toEqual({ start: 50, end: 56, new: 10, returning: 5, went_silent: 9, even: true, off: [] });
  });
  it("notices an end that the flows do not explain, and days that the server doubts", () => {
    const off = stock.map((s, i) => (i === 2 ? { ...s, active: 57, adds_up: false } : s));
    expect(account(off)).toMatchObject({ even: false, off: ["2026-11-02"] });
  });
  it("has nothing to say about nothing", () => {
    expect(account([])).toMatchObject({ start: 0, end: 0, even: true });
  });
  it("gathers days into months and Monday weeks without changing the account", () => {
    expect(gather(stock, "month").map((s) => [s.date, s.new, s.active])).toEqual([["2026-10-01", 6, 50], ["2026-11-01", 4, 56]]);
    expect(gather(stock, "week").map((s) => s.date)).toEqual(["2026-10-26", "2026-11-02"]);
    const { start, end, new: fresh } = account(gather(stock, "month"));
    expect([start, end, fresh]).toEqual([50, 56, 10]);
  });
});

describe("ways from figures to people", () => {
  const range = { from: "2026-10-05", to: "2026-11-03" };
  it("offers activity only where the list means the same", () => {
    expect(links(range, "2026-11-03", 30).active).toBe("/pool/people?f=last_seen%3Agte%3A2026-10-05");
    expect(links(range, "2026-11-03", 30).silentStock).toBe("/pool/people?f=last_seen%3Alte%3A2026-10-04");
    expect(links(range, "2026-11-20", 30).active).toBeUndefined();
    expect(links(range, "2026-11-03", undefined).activeStock).toBeUndefined();
  });
  it("keeps buckets within the range", () => {
    expect(bucketStart("2026-11-01", "week")).toBe("2026-10-26");
    expect(bucket("2026-10-05", "week", range)).toEqual(["2026-10-05", "2026-10-11"]);
    expect(bucket("2026-10-01", "month", range)).toEqual(["2026-10-05", "2026-10-31"]);
    expect(bucket("2026-11-02", "week", range)).toEqual(["2026-11-02", "2026-11-03"]);
  });
  it("finds people without a channel too", () => {
    expect(decodeURIComponent(links(range, range.to, 30).channel(""))).toContain("f=channel:unset:");
  });
});
