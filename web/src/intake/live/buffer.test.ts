import { describe, expect, it } from "vitest";
import type { PoolEvent } from "../../api/types";
import { emptyBuffer, matches, pause, shownLimit, take } from "./buffer";

const event = (n: number, over: Partial<PoolEvent> = {}): PoolEvent => ({
  id: `e${n}`, type: "track", name: "Order Completed", time: new Date(1_700_000_000_000 + n * 1000).toISOString(), received_at: "", source: 1, person: 7, properties: { total: 396 }, context: {}, amount: null, ...over,
});
const ids = (events: PoolEvent[]) => events.map((e) => e.id);

describe("the live buffer", () => {
  it("puts the newest on top, each once", () => {
    const b = take(take(emptyBuffer, [event(1), event(2)]), [event(2), event(3)]);
    expect(ids(b.shown)).toEqual(["e3", "e2", "e1"]);
  });

  it("holds still while paused, counts what waits, and catches up", () => {
    const paused = take(pause(take(emptyBuffer, [event(1)]), true), [event(1), event(2)]);
    expect(ids(paused.shown)).toEqual(["e1"]);
    expect(ids(paused.waiting)).toEqual(["e2"]);
    const on = pause(paused, false);
    expect(ids(on.shown)).toEqual(["e2", "e1"]);
    expect(on.waiting).toEqual([]);
  });

  it("keeps no more than it can show, however much comes", () => {
    const many = Array.from({ length: shownLimit * 3 }, (_, i) => event(i));
    expect(take(emptyBuffer, many).shown).toHaveLength(shownLimit);
    expect(take(pause(emptyBuffer, true), many).waiting).toHaveLength(shownLimit);
  });
});

describe("the live filter", () => {
  it("finds all words anywhere in the event or its title", () => {
    expect(matches(event(1), "", "")).toBe(true);
    expect(matches(event(1), "track 396", "")).toBe(true);
    expect(matches(event(1), "完成", "完成订单")).toBe(true);
    expect(matches(event(1), "ORDER completed", "")).toBe(true);
    expect(matches(event(1), "track 退款", "")).toBe(false);
  });
});
