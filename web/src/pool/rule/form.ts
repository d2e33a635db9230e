import type { Leaf, Predicate, Scalar, Tree, Value } from "../../api/tree";

/** Conditions that hold together (and) or of which one is enough (or). */
export interface Group {
  id: number;
  op: "and" | "or";
  not: boolean;
  of: Item[];
}

export interface Cond {
  id: number;
  not: boolean;
  leaf: Leaf<Group>;
}

export type Item = Group | Cond;
export type FormValue = Value<Group>;
export type FormLeaf = Leaf<Group>;

let last = 0;
/** A number for a part of a form, so that it keeps its place on the page while others come and go. */
export const newId = (): number => ++last;

export const isGroup = (item: Item): item is Group => !("leaf" in item);
export const emptyGroup = (op: Group["op"] = "and"): Group => ({ id: newId(), op, not: false, of: [] });
export const condOf = (leaf: FormLeaf, not = false): Cond => ({ id: newId(), not, leaf });

/** The form of a tree. What is not a group stands alone in one; "everyone" is a group without conditions. */
export function toForm(tree: Tree): Group {
  const item = read(tree, false);
  if (isGroup(item)) return item;
  if (item.leaf.op === "const" && item.leaf.value !== item.not) return emptyGroup();
  return { ...emptyGroup(), of: [item] };
}

function read(tree: Tree, not: boolean): Item {
  switch (tree.op) {
    case "not":
      return tree.of.length === 1 && tree.of[0] ? read(tree.of[0], !not) : { ...emptyGroup(), not: !not, of: tree.of.map((t) => read(t, false)) };
    case "and":
    case "or":
      return { id: newId(), op: tree.op, not, of: tree.of.map((t) => read(t, false)) };
    case "in":
      return condOf({ op: "in", left: readValue(tree.left), list: tree.list.map(scalar) }, Boolean(tree.not) !== not);
    case "compare": {
      const [left, right] = [readValue(tree.left), readValue(tree.right)];
      // 3 < count(…) reads better as count(…) > 3
      if (left.fn === "lit" && right.fn !== "lit") return condOf({ op: "compare", cmp: turned[tree.cmp], left: right, right: left }, not);
      return condOf({ op: "compare", cmp: tree.cmp, left, right }, not);
    }
    case "text":
      return condOf({ ...tree, left: readValue(tree.left) }, not);
    case "has":
      return condOf({ op: "has", left: readValue(tree.left) }, not);
    default:
      return condOf(tree, not);
  }
}

const turned = { "==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

// lists come with bare scalars or with literals
const scalar = (v: unknown): Scalar => (typeof v === "object" && v !== null && "value" in v ? (v as { value: Scalar }).value : (v as Scalar));

function readValue(v: Value<Tree>): FormValue {
  if ("where" in v && v.where !== undefined) return { ...v, where: toForm(v.where) };
  return v as FormValue;
}

/** The tree of a form. Groups without conditions say nothing and are left out. */
export function fromForm(group: Group): Tree {
  return write(group) ?? { op: "const", value: true };
}

function write(item: Item): Tree | undefined {
  let tree: Tree | undefined;
  if (isGroup(item)) {
    const of = item.of.flatMap((each) => write(each) ?? []);
    tree = of.length === 0 ? undefined : of.length === 1 ? of[0] : { op: item.op, of };
  } else {
    tree = writeLeaf(item.leaf);
    if (tree.op === "in") return { ...tree, not: item.not };
  }
  return tree !== undefined && item.not ? { op: "not", of: [tree] } : tree;
}

function writeLeaf(leaf: FormLeaf): Leaf<Tree> {
  switch (leaf.op) {
    case "compare":
      return { ...leaf, left: writeValue(leaf.left), right: writeValue(leaf.right) };
    case "in":
    case "text":
    case "has":
      return { ...leaf, left: writeValue(leaf.left) };
    default:
      return leaf;
  }
}

function writeValue(v: FormValue): Value<Tree> {
  if (!("where" in v)) return v as Value<Tree>;
  const { where, ...rest } = v;
  if (where === undefined || where.of.length === 0) return rest as Value<Tree>;
  return { ...rest, where: fromForm(where) } as Value<Tree>;
}

/** The conditions that lack something, by their number; a rule is sent only without any. */
export function gaps(group: Group): Set<number> {
  const out = new Set<number>();
  for (const item of group.of) {
    if (isGroup(item)) gaps(item).forEach((id) => out.add(id));
    else if (!isWhole(item.leaf)) out.add(item.id);
  }
  return out;
}

function isWhole(leaf: FormLeaf): boolean {
  switch (leaf.op) {
    case "compare":
      return isWholeValue(leaf.left) && isWholeValue(leaf.right);
    case "in":
      return isWholeValue(leaf.left) && leaf.list.length > 0;
    case "text":
      return isWholeValue(leaf.left) && leaf.right.value !== "";
    case "has":
      return isWholeValue(leaf.left);
    case "has_tag":
    case "in_segment":
      return leaf.key !== "";
    case "identity":
      return leaf.kind !== "";
    case "consent":
      return leaf.purpose !== "";
    case "held":
      return leaf.window !== "" && isWholePredicate(leaf.of[0]);
    case "const":
      return true;
    case "raw":
      return leaf.text.trim() !== "";
  }
}

const isWholePredicate = (p: Predicate): boolean =>
  p.op === "compare" ? p.left.dimension !== "" && p.right.value !== null && p.right.value !== "" : p.key !== "";

function isWholeValue(v: FormValue): boolean {
  if ("where" in v && v.where !== undefined && gaps(v.where).size > 0) return false;
  switch (v.fn) {
    case "count":
      return v.event !== "" && v.window !== "";
    case "sum":
    case "avg":
    case "min":
    case "max":
    case "distinct":
      return v.event !== "" && v.property !== "" && v.window !== "";
    case "days_since_last":
    case "days_since_first":
      return v.event !== "";
    case "active_days":
      return v.window !== "";
    case "trait":
    case "property":
      return v.name !== "";
    case "tier":
      return v.dimension !== "";
    case "channel":
      return true;
    case "bucket":
      return v.salt !== "";
    case "lit":
      return v.value !== null && v.value !== "";
    case "raw":
      return v.text.trim() !== "";
  }
}
