// A rule as the server gives and takes it: a tree of conditions. W is what a `where` holds: a tree here, a group of the form in form.ts.

export type Scalar = string | number | boolean | null;

export const comparisons = ["==", "!=", ">=", ">", "<=", "<"] as const;
export type Comparison = (typeof comparisons)[number];

export const textTests = ["contains", "startsWith", "endsWith", "matches"] as const;
export type TextTest = (typeof textTests)[number];

export const aggregates = ["sum", "avg", "min", "max", "distinct"] as const;
export type Aggregate = (typeof aggregates)[number];

export type Value<W> =
  | { fn: "count"; event: string; window: string; where?: W }
  | { fn: Aggregate; event: string; property: string; window: string; where?: W }
  | { fn: "days_since_last" | "days_since_first"; event: string; where?: W }
  | { fn: "active_days"; window: string }
  | { fn: "trait"; name: string }
  | { fn: "property"; name: string }
  | { fn: "tier"; dimension: string }
  | { fn: "channel"; which: "first" | "last" }
  | { fn: "bucket"; salt: string }
  | { fn: "lit"; value: Scalar }
  | { fn: "raw"; text: string };

export type Predicate =
  | { op: "in_segment"; key: string }
  | { op: "has_tag"; key: string }
  | { op: "compare"; cmp: "=="; left: { fn: "tier"; dimension: string }; right: { fn: "lit"; value: Scalar } };

// interfaces, so that a tree may hold trees
interface Compare<W> {
  op: "compare";
  cmp: Comparison;
  left: Value<W>;
  right: Value<W>;
}
interface OneOf<W> {
  op: "in";
  left: Value<W>;
  list: Scalar[];
  not?: boolean;
}
interface TextIs<W> {
  op: "text";
  test: TextTest;
  left: Value<W>;
  right: { fn: "lit"; value: string };
}
interface Has<W> {
  op: "has";
  left: Value<W>;
}
interface Held {
  op: "held";
  of: [Predicate];
  window: string;
}

export type Leaf<W> =
  | Compare<W>
  | OneOf<W>
  | TextIs<W>
  | Has<W>
  | Held
  | { op: "has_tag"; key: string }
  | { op: "in_segment"; key: string }
  | { op: "identity"; kind: string }
  | { op: "consent"; purpose: string }
  | { op: "const"; value: boolean }
  | { op: "raw"; text: string };

interface Branch {
  op: "and" | "or" | "not";
  of: Tree[];
}

export type Tree = Branch | Compare<Tree> | OneOf<Tree> | TextIs<Tree> | Has<Tree> | Exclude<Leaf<never>, { left: unknown }>;

export const everyone: Tree = { op: "const", value: true };

/** "30d" → 30, "all" → null; undefined for what is no window. */
export function daysOf(window: string): number | null | undefined {
  if (window === "all") return null;
  const m = /^([1-9]\d{0,4})d$/.exec(window);
  return m === null ? undefined : Number(m[1]);
}

export const windowOf = (days: number | null): string => (days === null ? "all" : `${days}d`);
