import type { Comparison, TextTest, Value } from "../../api/tree";
import type { SchemaType } from "../../api/rules";
import type { Cond, FormLeaf, FormValue } from "./form";

/** What a condition is about. Within a filter of events there are properties only. */
export const subjects = ["did", "total", "since", "days", "trait", "channel", "tag", "tier", "segment", "held", "identity", "consent", "bucket", "text"] as const;
export type Subject = (typeof subjects)[number] | "property" | "everyone";

/** The groups in which subjects are offered. */
export const subjectGroups: [string, Subject[]][] = [
  ["behaviour", ["did", "total", "since", "days"]],
  ["person", ["trait", "channel", "identity", "consent"]],
  ["operation", ["tag", "tier", "segment", "held"]],
  ["other", ["bucket", "text"]],
];

const lit = (value: string | number) => ({ fn: "lit" as const, value });

/** A condition as it begins. */
export function blank(subject: Subject): FormLeaf {
  const at = (left: FormValue, cmp: Comparison, value: string | number): FormLeaf => ({ op: "compare", cmp, left, right: lit(value) });
  switch (subject) {
    case "did":
      return at({ fn: "count", event: "", window: "30d" }, ">=", 1);
    case "total":
      return at({ fn: "sum", event: "", property: "", window: "30d" }, ">=", "");
    case "since":
      return at({ fn: "days_since_last", event: "" }, ">=", 30);
    case "days":
      return at({ fn: "active_days", window: "30d" }, ">=", 3);
    case "trait":
      return at({ fn: "trait", name: "" }, "==", "");
    case "property":
      return at({ fn: "property", name: "" }, "==", "");
    case "channel":
      return at({ fn: "channel", which: "first" }, "==", "");
    case "tier":
      return at({ fn: "tier", dimension: "" }, "==", "");
    case "bucket":
      return at({ fn: "bucket", salt: "holdout" }, "<", 0.1);
    case "tag":
      return { op: "has_tag", key: "" };
    case "segment":
      return { op: "in_segment", key: "" };
    case "identity":
      return { op: "identity", kind: "" };
    case "consent":
      return { op: "consent", purpose: "" };
    case "held":
      return { op: "held", of: [{ op: "in_segment", key: "" }], window: "30d" };
    case "everyone":
      return { op: "const", value: true };
    case "text":
      return { op: "raw", text: "" };
  }
}

const byValue: Record<Value<never>["fn"], Subject> = {
  count: "did", sum: "total", avg: "total", min: "total", max: "total", distinct: "total", days_since_last: "since", days_since_first: "since",
  active_days: "days", trait: "trait", property: "property", tier: "tier", channel: "channel", bucket: "bucket", lit: "text", raw: "text",
};

export function subjectOf(leaf: FormLeaf): Subject {
  switch (leaf.op) {
    case "has_tag":
      return "tag";
    case "in_segment":
      return "segment";
    case "identity":
    case "consent":
    case "held":
      return leaf.op;
    case "const":
      return "everyone";
    case "raw":
      return "text";
    default:
      return byValue[leaf.left.fn];
  }
}

/** How a value is held against another: the comparisons, the tests of texts, and what the form says for not. */
export type Operator = Comparison | TextTest | "in" | "not_in" | "has" | "has_not";

export const operatorOf = ({ leaf, not }: Cond): Operator | undefined => {
  switch (leaf.op) {
    case "compare":
      return leaf.cmp;
    case "text":
      return leaf.test;
    case "in":
      return not ? "not_in" : "in";
    case "has":
      return not ? "has_not" : "has";
    default:
      return undefined;
  }
};

const numbers: Operator[] = [">=", "<=", "==", "!=", ">", "<"];
const texts: Operator[] = ["==", "!=", "in", "not_in", "contains", "startsWith", "endsWith", "matches"];

/** The operators that make sense for a value, the likeliest first. */
export function operatorsFor(left: FormValue, type: SchemaType): Operator[] {
  switch (left.fn) {
    case "trait":
    case "property": {
      const known: Operator[] = ["has", "has_not"];
      if (type === "number") return [...numbers, "in", "not_in", ...known];
      if (type === "bool") return ["==", "!=", ...known];
      if (type === "text") return [...texts, ...known];
      return [...texts, ">=", "<=", ">", "<", ...known];
    }
    case "channel":
      return texts;
    case "tier":
      return ["==", "!=", "in", "not_in"];
    case "raw":
      return [...numbers, "in", "not_in"];
    default:
      return numbers;
  }
}

/** The condition under another operator; what was compared with is kept where it fits. */
export function withOperator(cond: Cond, op: Operator): Cond {
  const { leaf } = cond;
  if (!("left" in leaf)) return cond;
  const { left } = leaf;
  const was = leaf.op === "compare" && leaf.right.fn === "lit" ? leaf.right.value : leaf.op === "text" ? leaf.right.value : leaf.op === "in" ? (leaf.list[0] ?? "") : "";
  switch (op) {
    case "in":
    case "not_in":
      return { ...cond, not: op === "not_in", leaf: { op: "in", left, list: leaf.op === "in" ? leaf.list : was === "" || was === null ? [] : [was] } };
    case "has":
    case "has_not":
      return { ...cond, not: op === "has_not", leaf: { op: "has", left } };
    case "contains":
    case "startsWith":
    case "endsWith":
    case "matches":
      return { ...cond, not: plain(cond), leaf: { op: "text", test: op, left, right: { fn: "lit", value: String(was ?? "") } } };
    default:
      return { ...cond, not: plain(cond), leaf: { op: "compare", cmp: op, left, right: leaf.op === "compare" ? leaf.right : { fn: "lit", value: was } } };
  }
}

/** The "not" of a condition that says it aloud; for "in" and "has" it is part of the operator. */
const plain = ({ leaf, not }: Cond): boolean => (leaf.op === "in" || leaf.op === "has" ? false : not);

/** Whether "not" is already in the words of the condition. */
export const saysNot = ({ leaf }: Cond): boolean => ["in", "has", "has_tag", "in_segment", "identity", "consent"].includes(leaf.op);

/** The unit of what a value counts. */
export function unitOf(v: FormValue): "times" | "days" | "kinds" | "" {
  if (v.fn === "count") return "times";
  if (v.fn === "active_days" || v.fn === "days_since_first" || v.fn === "days_since_last") return "days";
  return v.fn === "distinct" ? "kinds" : "";
}
