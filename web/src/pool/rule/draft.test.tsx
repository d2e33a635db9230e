// @vitest-environment jsdom
// The two views of a rule say the same, whoever answers first.
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Tree } from "../../api/tree";
import { useRuleDraft, type Server } from "./draft";
import { condOf, emptyGroup, fromForm, type Group } from "./form";

const two = { zh: "句子", en: "sentence" };
const problem = { line: 1, column: 1, offset: 0, length: 1, code: "rule.x", message: "x", message_zh: "x", suggestions: [] };
const tag = (key: string): Tree => ({ op: "has_tag", key });
const formOf = (...keys: string[]): Group => ({ ...emptyGroup(), of: keys.map((key) => condOf({ op: "has_tag", key })) });

/** A server whose answers come when the test says so. */
function slow() {
  const waiting: (() => void)[] = [];
  const hold = <T,>(value: T, signal: AbortSignal) => new Promise<T>((ok, no) => {
    signal.addEventListener("abort", () => no(new DOMException("", "AbortError")));
    waiting.push(() => ok(value));
  });
  const read = (text: string): Tree | null => (/^\w+$/.test(text) ? tag(text) : null);
  const server: Server = {
    text: (tree, signal) => hold({ text: tree.op === "has_tag" ? tree.key : JSON.stringify(tree), sentence: two, problems: [] }, signal),
    check: (text, signal) => hold({ ok: read(text) !== null || text.startsWith("{"), text, tree: read(text), sentence: two, problems: read(text) ? [] : [problem], cycle: [] }, signal),
  };
  const answer = () => act(async () => {
    // each step may ask the next question
    for (let i = 0; i < 4; i++) {
      waiting.splice(0).forEach((go) => go());
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    }
  });
  return { server, answer };
}

describe("the draft of a rule", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

  const begin = async (text?: string) => {
    const { server, answer } = slow();
    const { result } = renderHook(() => useRuleDraft({ text }, server));
    await pass(0);
    await answer();
    return { draft: () => result.current, answer };
  };

  it("begins with the form of its text", async () => {
    const { draft } = await begin("vip");
    expect(draft().state).toBe("ready");
    expect(fromForm(draft().form)).toEqual(tag("vip"));
    expect(draft().sentence).toEqual(two);
  });

  it("writes the text of a changed form", async () => {
    const { draft, answer } = await begin();
    act(() => draft().setForm(formOf("gold")));
    expect(draft().state).toBe("asking");
    await pass(100);
    await answer();
    expect([draft().text, draft().state]).toEqual(["gold", "ready"]);
  });

  it("asks nothing while a condition lacks something, and keeps the text", async () => {
    const { draft, answer } = await begin("vip");
    act(() => draft().setForm(formOf("vip", "")));
    await pass(1000);
    await answer();
    expect([draft().text, draft().state, draft().sentence]).toEqual(["vip", "open", null]);
  });

  it("keeps the form while the text does not parse", async () => {
    const { draft, answer } = await begin("vip");
    act(() => draft().setText("vip &&"));
    await pass(300);
    await answer();
    expect([draft().state, draft().behind]).toEqual(["wrong", true]);
    expect(draft().problems).toHaveLength(1);
    expect(fromForm(draft().form)).toEqual(tag("vip"));
    act(() => draft().setText("gold"));
    await pass(300);
    await answer();
    expect(draft().problems).toEqual([]);
    expect(fromForm(draft().form)).toEqual(tag("gold"));
  });

  it("throws away answers that were overtaken", async () => {
    const { draft, answer } = await begin("vip");
    act(() => draft().setText("slow"));
    await pass(300); // asked, not answered
    act(() => draft().setForm(formOf("gold")));
    await pass(100);
    await answer();
    expect(draft().text).toBe("gold");
    expect(fromForm(draft().form)).toEqual(tag("gold"));
  });

  it("says when the server cannot be asked, and asks again", async () => {
    let fail = true;
    const server: Server = {
      text: () => Promise.reject(new TypeError("offline")),
      check: async (text) => {
        if (fail) throw new TypeError("offline");
        return { ok: true, text, tree: tag(text), sentence: two, problems: [], cycle: [] };
      },
    };
    const { result } = renderHook(() => useRuleDraft({ text: "vip" }, server));
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect([result.current.state, result.current.error?.code]).toEqual(["failed", "network"]);
    fail = false;
    await act(async () => result.current.retry());
    expect(result.current.state).toBe("ready");
  });
});
