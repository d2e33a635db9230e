export interface Violation {
  location: string;
  message: string;
}

/** A problem+json answer, or a request that never got one (code "network"). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly violations: Violation[];
  /** Seconds to wait, from Retry-After; 0 if the server named none. */
  readonly retryAfter: number;

  constructor(init: { status: number; code: string; detail: string; violations?: Violation[]; retryAfter?: number }) {
    super(init.detail);
    this.name = "ApiError";
    this.status = init.status;
    this.code = init.code;
    this.violations = init.violations ?? [];
    this.retryAfter = init.retryAfter ?? 0;
  }

  /** The message for one field of the body ("email"), or undefined. */
  field(name: string): string | undefined {
    return this.violations.find((v) => v.location === `body.${name}`)?.message;
  }
}

export function asApiError(err: unknown): ApiError {
  if (err instanceof ApiError) return err;
  if (err instanceof TypeError) return new ApiError({ status: 0, code: "network", detail: err.message });
  return new ApiError({ status: 0, code: "console.unexpected", detail: err instanceof Error ? err.message : String(err) });
}

/** Reads whatever a failed response holds into an ApiError; a proxy's HTML page becomes "http.<status>". */
export async function readProblem(res: Response): Promise<ApiError> {
  const retryAfter = Number(res.headers.get("Retry-After")) || 0;
  let body: Record<string, unknown> = {};
  try {
    body = (await res.clone().json()) as Record<string, unknown>;
  } catch {
    // no JSON: the status alone must do
  }
  return new ApiError({
    status: res.status,
    code: typeof body.code === "string" && body.code !== "" ? body.code : `http.${res.status}`,
    detail: String(body.detail ?? body.title ?? res.statusText),
    violations: Array.isArray(body.errors) ? (body.errors as Violation[]) : [],
    retryAfter,
  });
}
