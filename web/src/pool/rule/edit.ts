import { emptyGroup, isGroup, newId, type Group, type Item } from "./form";

/** The form with one part replaced, wherever it is; undefined takes it out. The rest stays the same objects. */
export function change(root: Group, id: number, by: (item: Item) => Item | undefined): Group {
  let touched = false;
  const of = root.of.flatMap((item) => {
    const next = item.id === id ? by(item) : isGroup(item) ? change(item, id, by) : item;
    if (next !== item) touched = true;
    return next === undefined ? [] : [next];
  });
  return touched ? { ...root, of } : root;
}

export const remove = (root: Group, id: number): Group => change(root, id, () => undefined);

/** Puts a part into a group (the root itself, or one within) at a place. */
export function insert(root: Group, group: number, at: number, item: Item): Group {
  if (root.id === group) return { ...root, of: [...root.of.slice(0, at), item, ...root.of.slice(at)] };
  return change(root, group, (g) => (isGroup(g) ? { ...g, of: [...g.of.slice(0, at), item, ...g.of.slice(at)] } : g));
}

export function find(root: Group, id: number): { item: Item; parent: Group; at: number } | undefined {
  for (const [at, item] of root.of.entries()) {
    if (item.id === id) return { item, parent: root, at };
    const within = isGroup(item) ? find(item, id) : undefined;
    if (within) return within;
  }
  return undefined;
}

/** Moves a part before the place `at` of a group. A group does not go into itself. */
export function move(root: Group, id: number, group: number, at: number): Group {
  const from = find(root, id);
  if (from === undefined || id === group || (isGroup(from.item) && find(from.item, group))) return root;
  // taking it out first moves the places behind it
  const place = from.parent.id === group && from.at < at ? at - 1 : at;
  if (from.parent.id === group && place === from.at) return root;
  return insert(remove(root, id), group, place, from.item);
}

/** One step up or down in reading order: past a neighbour, into a neighbouring group, or out of its own. */
export function step(root: Group, id: number, way: -1 | 1): Group {
  const from = find(root, id);
  if (from === undefined) return root;
  const { parent, at } = from;
  const beside = parent.of[at + way];
  if (beside !== undefined && isGroup(beside)) return move(root, id, beside.id, way === 1 ? 0 : beside.of.length);
  if (beside !== undefined) return move(root, id, parent.id, way === 1 ? at + 2 : at - 1);
  const outer = find(root, parent.id);
  return outer === undefined ? root : move(root, id, outer.parent.id, way === 1 ? outer.at + 1 : outer.at);
}

/** Puts a part into a group of its own, of the other kind than the one around it: a second condition beside it means something else there. */
export function wrap(root: Group, id: number): Group {
  const from = find(root, id);
  if (from === undefined) return root;
  return change(root, id, (item) => ({ ...emptyGroup(from.parent.op === "and" ? "or" : "and"), of: [item] }));
}

/** Puts what a group holds in the group's place. */
export function unwrap(root: Group, id: number): Group {
  const from = find(root, id);
  if (from === undefined || !isGroup(from.item)) return root;
  const parts = from.item.of;
  const put = (g: Group): Group => ({ ...g, of: g.of.flatMap((item) => (item.id === id ? parts : isGroup(item) ? [put(item)] : [item])) });
  return put(root);
}

/** The same part once more, with numbers of its own. */
export function copyOf(item: Item): Item {
  return isGroup(item) ? { ...item, id: newId(), of: item.of.map(copyOf) } : { ...item, id: newId() };
}

/** Puts a copy behind the part. */
export function double(root: Group, id: number): Group {
  const from = find(root, id);
  return from === undefined ? root : insert(root, from.parent.id, from.at + 1, copyOf(from.item));
}
