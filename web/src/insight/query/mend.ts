import type { ApiError } from "../../api/error";

// What can be done about a refused question is read from where it was refused: a violation names the place in the query.

/** "body.steps[1].event" → ["steps", 1, "event"] */
export function pathOf(location: string): (string | number)[] {
  return [...location.replace(/^body\.?/, "").matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, at]) => (at === undefined ? (name ?? "") : Number(at)));
}

/** What stands at a place of the value. */
export function at(value: unknown, path: (string | number)[]): unknown {
  return path.reduce<unknown>((v, key) => (typeof v === "object" && v !== null ? (v as Record<string | number, unknown>)[key] : undefined), value);
}

/** The value with one part of it replaced; undefined takes it out. What is not there stays as it is. */
export function setAt(value: unknown, path: (string | number)[], part: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return part;
  if (Array.isArray(value) && typeof head === "number") return head < value.length ? value.map((v: unknown, i) => (i === head ? setAt(v, rest, part) : v)) : value;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const was = value as Record<string, unknown>;
    return { ...was, [head]: setAt(was[head], rest, part) };
  }
  return value;
}

/** The names that a message offers instead: … did you mean "a" or "b"? */
export function offered(message: string): string[] {
  const [, names = ""] = /did you mean (.+)\?$/.exec(message) ?? [];
  return [...names.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([text]) => JSON.parse(text) as string);
}

export type Mending =
  | { do: "use"; name: string; path: (string | number)[] }
  | { do: "drop"; what: "people" | "breakdown" | "where" | "days"; path: (string | number)[]; step?: number };

/** The ways out of a refusal, the likeliest first. */
export function mendings(error: ApiError): Mending[] {
  const out: Mending[] = [];
  for (const v of error.violations) {
    const path = pathOf(v.location);
    const [head, index] = path;
    const place = path.at(-1);
    if (/_unknown$/.test(error.code) && path.length > 0) for (const name of offered(v.message)) out.push({ do: "use", name, path });
    if (place === "where" && typeof index === "number") out.push({ do: "drop", what: "where", path, step: index + 1 });
    else if (head === "people" || head === "breakdown") out.push({ do: "drop", what: head, path: [head] });
    else if (head === "from" || head === "to" || head === "last") out.push({ do: "drop", what: "days", path: [] });
  }
  if (error.code === "insight.too_many_groups" && !out.some((m) => m.do === "drop" && m.what === "breakdown")) out.push({ do: "drop", what: "breakdown", path: ["breakdown"] });
  if (/^insight\.range/.test(error.code) && out.length === 0) out.push({ do: "drop", what: "days", path: [] });
  return out.filter((m, i) => out.findIndex((o) => JSON.stringify(o) === JSON.stringify(m)) === i);
}
