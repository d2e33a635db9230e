/** The address bar holds plain "?f=a&f=b", readable and made by hand, instead of the router's JSON. */
export function parseSearch(text: string): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const had = out[key];
    out[key] = had === undefined ? value : [...(Array.isArray(had) ? had : [had]), value];
  }
  return out;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const v of Array.isArray(value) ? value : [value]) {
      if (v !== undefined && v !== null && v !== "") params.append(key, String(v));
    }
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/** For validateSearch: a parameter that may be given once or many times. */
export const many = (v: unknown): string[] | undefined =>
  v === undefined || v === "" ? undefined : Array.isArray(v) ? v.map(String) : [String(v)];

/** For validateSearch: a parameter given once. */
export const one = (v: unknown): string | undefined => many(v)?.[0];
