import type { Item } from "../../api/boards";

/** The board's grid: twelve columns, rows without end. Things fall up until something holds them, so that a board has no holes above. */
export const columns = 12;

/** A row's height and the gap between items, in px. */
export const rowHeight = 36;
export const gap = 16;

export const smallest = { chart: { w: 3, h: 4 }, text: { w: 2, h: 1 } } as const;
const tallest = 40;

type Box = Pick<Item, "x" | "y" | "w" | "h">;

export const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

export const reading = (a: Box, b: Box): number => a.y - b.y || a.x - b.x;

/** Pushes down what the item of this id lies on, and what that lies on then. */
function push(items: Item[], id: string): Item[] {
  const out = items.map((i) => ({ ...i }));
  const work = out.filter((i) => i.id === id);
  for (let guard = 0; work.length > 0 && guard < 10_000; guard++) {
    const mover = work.shift();
    if (mover === undefined) break;
    for (const other of out)
      if (other.id !== mover.id && other.id !== id && overlap(other, mover)) {
        other.y = mover.y + mover.h;
        work.push(other);
      }
  }
  return out;
}

const clamp = (n: number, low: number, high: number) => Math.min(Math.max(n, low), high);

/** Puts an item at another place and size; what is in its way goes down, then everything falls up. */
export function put(items: Item[], id: string, box: Partial<Box>): Item[] {
  const moved = items.map((i) => {
    if (i.id !== id) return i;
    const least = smallest[i.chart === undefined ? "text" : "chart"];
    const w = clamp(Math.round(box.w ?? i.w), least.w, columns);
    const h = clamp(Math.round(box.h ?? i.h), least.h, tallest);
    return { ...i, w, h, x: clamp(Math.round(box.x ?? i.x), 0, columns - w), y: Math.max(0, Math.round(box.y ?? i.y)) };
  });
  return fall(push(moved, id));
}

/** Everything falls up, from the top, as far as nothing holds it. */
export function fall(items: Item[]): Item[] {
  const laid: Item[] = [];
  for (const item of [...items].sort(reading)) {
    let { y } = item;
    while (y > 0 && !laid.some((l) => overlap(l, { ...item, y: y - 1 }))) y--;
    laid.push({ ...item, y });
  }
  return items.map((i) => laid.find((l) => l.id === i.id) ?? i);
}

/** An item at the first free place, read row by row, below the top edge of the last. */
export function add(items: Item[], item: Item): Item[] {
  const top = items.reduce((low, i) => Math.max(low, i.y), 0);
  for (let y = top; ; y++)
    for (let x = 0; x + item.w <= columns; x++) {
      const at = { ...item, x, y };
      if (!items.some((i) => overlap(i, at))) return fall([...items, at]);
    }
}

export const without = (items: Item[], id: string): Item[] => fall(items.filter((i) => i.id !== id));

/** How many rows the items take. */
export const height = (items: Item[]): number => items.reduce((low, i) => Math.max(low, i.y + i.h), 0);

/** Where an arrow key takes an item: moved, or with Shift made larger or smaller. Up and down pass over the whole neighbour, because a single row would fall back. */
export function step(items: Item[], id: string, key: string, resize: boolean): Item[] {
  const item = items.find((i) => i.id === id);
  if (item === undefined) return items;
  if (resize)
    switch (key) {
      case "ArrowRight":
        return put(items, id, { w: Math.min(item.w + 1, columns - item.x) });
      case "ArrowLeft":
        return put(items, id, { w: item.w - 1 });
      case "ArrowDown":
        return put(items, id, { h: item.h + 1 });
      case "ArrowUp":
        return put(items, id, { h: item.h - 1 });
    }
  switch (key) {
    case "ArrowRight":
      return put(items, id, { x: item.x + 1 });
    case "ArrowLeft":
      return put(items, id, { x: item.x - 1 });
    case "ArrowDown": {
      const below = items.filter((i) => i.y >= item.y + item.h && i.x < item.x + item.w && item.x < i.x + i.w).sort(reading)[0];
      return below === undefined ? items : put(items, id, { y: below.y + below.h });
    }
    case "ArrowUp": {
      const above = items.filter((i) => i.y + i.h <= item.y && i.x < item.x + item.w && item.x < i.x + i.w).sort((a, b) => b.y + b.h - (a.y + a.h))[0];
      return above === undefined ? put(items, id, { y: item.y - 1 }) : put(items, id, { y: above.y });
    }
  }
  return items;
}
