import { afterEach, describe, expect, it, vi } from "vitest";
import { api, call, callWithETag, setCsrf } from "./client";
import { ApiError } from "./error";

// openapi-fetch builds a Request, which needs an absolute address outside a browser
vi.hoisted(() => {
  const Plain = globalThis.Request;
  globalThis.Request = class extends Plain {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(typeof input === "string" && input.startsWith("/") ? `http://pool.test${input}` : input, init);
    }
  };
});

function answer(body: unknown, init: ResponseInit = {}) {
  const fetch = vi.fn(async (_req: Request) => new Response(body === undefined ? null : JSON.stringify(body), init));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

const caught = (p: Promise<unknown>) => p.then(() => undefined, (e: unknown) => e as ApiError);

afterEach(() => {
  vi.unstubAllGlobals();
  setCsrf("");
});

describe("the API client", () => {
  it("sends the CSRF token with what changes things, and only with that", async () => {
    setCsrf("t0k3n");
    const fetch = answer({ items: [] });
    await call(api.GET("/users"));
    await call(api.POST("/imports/{id}/cancel", { params: { path: { id: 7 } } }));
    const [read, write] = fetch.mock.calls.map(([req]) => req);
    expect(read?.headers.has("X-CSRF-Token")).toBe(false);
    expect(write?.headers.get("X-CSRF-Token")).toBe("t0k3n");
    expect(write?.url).toMatch(/\/api\/v1\/imports\/7\/cancel$/);
  });

  it("repeats list parameters", async () => {
    const fetch = answer({ items: [], next: "", total: 0, total_exact: true });
    await call(api.GET("/people", { params: { query: { f: ["orders:gte:1", "channel:eq:小程序"] } } }));
    expect(new URL(fetch.mock.calls[0]![0].url).searchParams.getAll("f")).toEqual(["orders:gte:1", "channel:eq:小程序"]);
  });

  it("throws problem+json with its code, field messages and waiting time", async () => {
    answer(
      { status: 422, code: "user.invalid", detail: "check the fields", errors: [{ location: "body.email", message: "already used" }] },
      { status: 422, headers: { "Content-Type": "application/problem+json", "Retry-After": "9" } },
    );
    const e = await caught(call(api.GET("/users")));
    expect(e).toBeInstanceOf(ApiError);
    expect(e).toMatchObject({ status: 422, code: "user.invalid", message: "check the fields", retryAfter: 9 });
    expect(e?.field("email")).toBe("already used");
    expect(e?.field("name")).toBeUndefined();
  });

  it("makes sense of an error that is no JSON", async () => {
    vi.stubGlobal("fetch", async () => new Response("<html>Bad gateway</html>", { status: 502, statusText: "Bad Gateway" }));
    expect(await caught(call(api.GET("/system")))).toMatchObject({ status: 502, code: "http.502" });
  });

  it("names a request that never arrived", async () => {
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
    expect(await caught(call(api.GET("/system")))).toMatchObject({ status: 0, code: "network" });
  });

  it("hands the ETag to whoever edits", async () => {
    answer({ name: "x" }, { headers: { ETag: '"4"' } });
    expect((await callWithETag(api.GET("/settings"))).etag).toBe('"4"');
  });
});
