// @vitest-environment jsdom
// A question is asked once it rests, the one before is taken back, and a long one can be followed and stopped.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { question } from "./question";
import { useQuestion } from "./useQuestion";
import type { Common } from "./wire";

// openapi-fetch builds a Request, which needs an absolute address outside a browser
vi.hoisted(() => {
  const Plain = globalThis.Request;
  globalThis.Request = class extends Plain {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(typeof input === "string" && input.startsWith("/") ? `http://pool.test${input}` : input, init);
    }
  };
});

interface Q extends Common {
  n: number;
}
const kind = question<Q, { n: number }>("echo");

interface Sent {
  method: string;
  path: string;
  run: string | null;
  body: unknown;
  signal: AbortSignal;
  answer: (status: number, body: unknown) => void;
}

describe("a question", () => {
  let sent: Sent[] = [];
  const asks = () => sent.filter((s) => s.method === "POST");
  beforeEach(() => {
    sent = [];
    vi.stubGlobal("fetch", async (req: Request) => {
      const body: unknown = req.method === "POST" ? await req.json() : undefined;
      return new Promise<Response>((ok, no) => {
        const path = new URL(req.url).pathname.replace("/api/v1", "");
        const entry: Sent = { method: req.method, path, run: req.headers.get("X-Run"), body, signal: req.signal, answer: (status, b) => ok(new Response(b === undefined ? null : JSON.stringify(b), { status, headers: { "Content-Type": "application/json", ...(b === undefined && { "Content-Length": "0" }) } })) };
        req.signal.addEventListener("abort", () => no(new DOMException("", "AbortError")));
        sent.push(entry);
        if (req.method === "GET") entry.answer(200, { id: path.split("/").at(-1), kind: "echo", author: "", stage: "scan", done: 5, total: 10, started_at: "", seconds_left: 1 });
        if (req.method === "DELETE") entry.answer(204, undefined);
      });
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  const begin = (first: Q | undefined) => {
    const client = new QueryClient();
    const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>;
    return renderHook(({ q }: { q: Q | undefined }) => useQuestion(kind, q), { wrapper, initialProps: { q: first } });
  };
  const result = (n: number) => ({ kind: "echo", from: "2026-01-01", to: "2026-01-30", people: 1, at: "", took_ms: 1, answer: { n } });

  it("is not asked while it lacks something", async () => {
    const { result: r } = begin(undefined);
    expect(r.current.asking).toBe(false);
    expect(sent).toEqual([]);
  });

  it("gives the answer, and keeps the former one while the next is awaited", async () => {
    const { result: r, rerender } = begin({ n: 1 });
    await waitFor(() => expect(asks()).toHaveLength(1));
    act(() => asks()[0]?.answer(200, result(1)));
    await waitFor(() => expect(r.current.result?.answer.n).toBe(1));
    expect(r.current.stale).toBe(false);
    rerender({ q: { n: 2 } });
    expect(r.current.result?.answer.n).toBe(1);
    expect(r.current.stale).toBe(true);
    await waitFor(() => expect(asks()).toHaveLength(2));
    act(() => asks()[1]?.answer(200, result(2)));
    await waitFor(() => expect(r.current.result?.answer.n).toBe(2));
    expect(r.current.stale).toBe(false);
  });

  it("takes back what a later one has overtaken", async () => {
    const { rerender } = begin({ n: 1 });
    await waitFor(() => expect(asks()).toHaveLength(1));
    rerender({ q: { n: 2 } });
    await waitFor(() => expect(asks()).toHaveLength(2));
    expect(asks()[0]?.signal.aborted).toBe(true);
    expect(asks()[1]?.signal.aborted).toBe(false);
  });

  it("is taken back when the page is left", async () => {
    const { unmount } = begin({ n: 1 });
    await waitFor(() => expect(asks()).toHaveLength(1));
    unmount();
    await waitFor(() => expect(asks()[0]?.signal.aborted).toBe(true));
  });

  it("tells how far it is, under its own run", async () => {
    const { result: r } = begin({ n: 1 });
    expect(r.current.slow).toBe(false);
    await waitFor(() => expect(r.current.progress?.done).toBe(5), { timeout: 3_000 });
    expect(r.current.slow).toBe(true);
    expect(sent.find((s) => s.method === "GET")?.path).toBe(`/insight/runs/${asks()[0]?.run}`);
    act(() => asks()[0]?.answer(200, result(1)));
    await waitFor(() => expect(r.current.slow).toBe(false));
    expect(r.current.progress).toBeUndefined();
  });

  it("is stopped here and there, and asked again when told", async () => {
    const { result: r } = begin({ n: 1 });
    await waitFor(() => expect(asks()).toHaveLength(1));
    act(() => r.current.cancel());
    await waitFor(() => expect(r.current.cancelled).toBe(true));
    await waitFor(() => expect(sent.some((s) => s.method === "DELETE" && s.path === `/insight/runs/${asks()[0]?.run}`)).toBe(true));
    expect(asks()[0]?.signal.aborted).toBe(true);
    expect(r.current.error).toBeUndefined();
    act(() => r.current.again());
    await waitFor(() => expect(asks()).toHaveLength(2));
    act(() => asks()[1]?.answer(200, result(1)));
    await waitFor(() => expect(r.current.result?.answer.n).toBe(1));
    expect(r.current.cancelled).toBe(false);
  });

  it("says what the server refuses, once", async () => {
    const { result: r } = begin({ n: 1 });
    await waitFor(() => expect(asks()).toHaveLength(1));
    act(() => asks()[0]?.answer(422, { code: "insight.range", detail: "the range is empty" }));
    await waitFor(() => expect(r.current.error?.code).toBe("insight.range"));
    expect(asks()).toHaveLength(1);
  });
});
