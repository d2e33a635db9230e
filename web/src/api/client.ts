import createClient, { type Middleware } from "openapi-fetch";
import { ApiError, asApiError, readProblem } from "./error";
import type { paths } from "./paths";
import type { BoardPaths } from "./paths.boards";
import type { HealthPaths } from "./paths.health";
import type { RulePaths } from "./paths.rules";

export const apiBase = "/api/v1";

let csrf = "";

/** The token of the present session; every unsafe request carries it. */
export function setCsrf(token: string): void {
  csrf = token;
}

const guard: Middleware = {
  onRequest({ request }) {
    if (csrf !== "" && !["GET", "HEAD", "OPTIONS"].includes(request.method)) request.headers.set("X-CSRF-Token", csrf);
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await readProblem(response);
    return response;
  },
  onError({ error }) {
    return asApiError(error);
  },
};

export const api = createClient<paths & RulePaths & BoardPaths & HealthPaths>({
  baseUrl: apiBase,
  credentials: "same-origin",
  // looked up on each call, so that a test can put its own in place
  fetch: (req) => globalThis.fetch(req),
});
api.use(guard);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** Gives an operation's body or throws an ApiError: `await call(api.GET("/overview", …))`. */
export async function call<T>(answer: Promise<Answer<T>>): Promise<T> {
  return (await callWithETag(answer)).data;
}

/** Like call, with the answer's ETag, for edits that send it back as If-Match. */
export async function callWithETag<T>(answer: Promise<Answer<T>>): Promise<{ data: T; etag: string }> {
  const { data, response } = await answer;
  return { data: data as T, etag: response.headers.get("ETag") ?? "" };
}

/** Sends a file as multipart, telling progress from 0 to 1. fetch cannot tell upload progress, so this is an XMLHttpRequest. */
export function upload<T>(path: string, file: File, onProgress: (part: number) => void, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", apiBase + path);
    if (csrf !== "") xhr.setRequestHeader("X-CSRF-Token", csrf);
    xhr.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded / e.total);
    xhr.onerror = () => reject(new ApiError({ status: 0, code: "network", detail: "" }));
    xhr.onload = async () => {
      const res = new Response(xhr.responseText, { status: xhr.status, statusText: xhr.statusText });
      if (res.ok) resolve(JSON.parse(xhr.responseText) as T);
      else reject(await readProblem(res));
    };
    signal?.addEventListener("abort", () => {
      xhr.abort();
      reject(signal.reason);
    });
    const form = new FormData();
    form.append("file", file);
    xhr.send(form);
  });
}

/** A new key for a request that must act once, however often it is sent. */
export const once = (): string =>
  // randomUUID is there in secure contexts only, and consoles within a company's network are often plain http
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
