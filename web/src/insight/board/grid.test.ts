import { describe, expect, it } from "vitest";
import type { Item } from "../../api/boards";
import { add, columns, fall, height, overlap, put, smallest, step, without } from "./grid";

const item = (id: string, x: number, y: number, w: number, h: number): Item => ({ id, x, y, w, h, chart: id });
const at = (items: Item[], id: string) => items.find((i) => i.id === id);

/** The rules of every board: within the columns, nothing over anything, nothing that could fall. */
function sound(items: Item[]) {
  for (const [n, a] of items.entries()) {
    expect(a.x).toBeGreaterThanOrEqual(0);
    expect(a.x + a.w).toBeLessThanOrEqual(columns);
    for (const b of items.slice(n + 1)) expect(overlap(a, b), `${a.id} over ${b.id}`).toBe(false);
  }
  expect(fall(items)).toEqual(items);
}

describe("grid", () => {
  const three = [item("a", 0, 0, 6, 8), item("b", 6, 0, 6, 8), item("c", 0, 8, 12, 6)];

  it("pushes down what is in the way, and lets the rest fall", () => {
    const next = put(three, "c", { y: 0 });
    expect(at(next, "c")).toMatchObject({ x: 0, y: 0 });
    expect(at(next, "a")?.y).toBe(6);
    expect(at(next, "b")?.y).toBe(6);
    sound(next);
  });
  it("keeps an item within the columns and above its smallest size", () => {
    expect(at(put(three, "a", { x: 20 }), "a")?.x).toBe(6);
    expect(at(put(three, "a", { w: 0, h: 0 }), "a")).toMatchObject(smallest.chart);
    expect(at(put(three, "b", { w: 99 }), "b")).toMatchObject({ x: 0, w: 12 });
  });
  it("fills the hole when an item goes", () => {
    const next = without(three, "a");
    expect(at(next, "c")?.y).toBe(8); // b still holds it
    expect(at(without(next, "b"), "c")?.y).toBe(0);
  });
  it("adds at the first free place", () => {
    expect(add([item("a", 0, 0, 6, 8)], item("n", 0, 0, 6, 8)).at(-1)).toMatchObject({ x: 6, y: 0 });
    expect(add(three, item("n", 0, 0, 6, 8)).at(-1)).toMatchObject({ x: 0, y: 14 });
    expect(add([], item("n", 0, 0, 6, 8))).toEqual([item("n", 0, 0, 6, 8)]);
  });
  it("moves by arrow keys past the whole neighbour and back", () => {
    const down = step(three, "a", "ArrowDown", false);
    expect(at(down, "a")?.y).toBeGreaterThanOrEqual(6);
    expect(at(down, "c")?.y).toBe(8); // still under b
    sound(down);
    const up = step(three, "c", "ArrowUp", false);
    expect(at(up, "c")?.y).toBe(0);
    sound(up);
    expect(at(step(three, "b", "ArrowLeft", false), "b")?.x).toBe(5);
    expect(at(step(three, "b", "ArrowLeft", true), "b")?.w).toBe(5);
    expect(at(step(three, "b", "ArrowRight", true), "b")?.w).toBe(6); // at the edge
    expect(step(three, "none", "ArrowUp", false)).toEqual(three);
  });
  it("keeps its rules whatever is done to it", () => {
    // a small generator of its own, so that a failure is the same each time
    let seed = 20260315;
    const random = (n: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % n;
    for (let round = 0; round < 60; round++) {
      let items: Item[] = [];
      for (let i = 0; i < 40; i++) {
        const id = `i${random(9)}`;
        if (!items.some((x) => x.id === id)) items = add(items, item(id, 0, 0, 3 + random(10), 4 + random(6)));
        else if (random(4) === 0) items = without(items, id);
        else if (random(3) === 0) items = step(items, id, ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"][random(4)] ?? "", random(2) === 0);
        else items = put(items, id, { x: random(14) - 1, y: random(30), w: random(14), h: random(14) });
        sound(items);
        expect(height(items)).toBeLessThan(400);
      }
    }
  });
});
