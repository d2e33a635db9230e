// A rule loses nothing between tree and form, and the form's moves keep every condition.
import { describe, expect, it } from "vitest";
import { change, copyOf, double, find, insert, move, remove, step, unwrap, wrap } from "./edit";
import { condOf, emptyGroup, fromForm, gaps, isGroup, toForm, type Group, type Item } from "./form";
import { daysOf, windowOf, type Tree, type Value } from "../../api/tree";

const tag = (key: string): Tree => ({ op: "has_tag", key });
const lit = (value: string | number | boolean) => ({ fn: "lit" as const, value });
const count = (event: string, where?: Tree): Value<Tree> => ({ fn: "count", event, window: "30d", ...(where && { where }) });

const trees: Record<string, Tree> = {
  "one condition": tag("vip"),
  "everyone": { op: "const", value: true },
  "a count with a filter": {
    op: "compare", cmp: ">=", right: lit(3),
    left: count("Order Completed", { op: "and", of: [{ op: "compare", cmp: "==", left: { fn: "property", name: "sku" }, right: lit("T1") }, { op: "not", of: [{ op: "has", left: { fn: "property", name: "coupon" } }] }] }),
  },
  "groups in groups": { op: "and", of: [tag("a"), { op: "or", of: [tag("b"), { op: "not", of: [{ op: "and", of: [tag("c"), tag("d")] }] }] }] },
  "not": { op: "not", of: [tag("staff")] },
  "not one of": { op: "in", left: { fn: "trait", name: "city" }, list: ["杭州", "苏州"], not: true },
  "a text": { op: "text", test: "startsWith", left: { fn: "channel", which: "first" }, right: { fn: "lit", value: "微信" } },
  "held": { op: "held", of: [{ op: "compare", cmp: "==", left: { fn: "tier", dimension: "activity" }, right: lit("core") }], window: "30d" },
  "two measures": { op: "compare", cmp: ">", left: count("A"), right: count("B") },
  "text the form has no words for": { op: "and", of: [{ op: "raw", text: "person.age % 2 == 0" }, { op: "compare", cmp: "<", left: { fn: "raw", text: "person.a + person.b" }, right: lit(7) }] },
};

describe("tree to form and back", () => {
  it.each(Object.entries(trees))("keeps %s", (_name, tree) => {
    const back = fromForm(toForm(tree));
    expect(back).toEqual(tree.op === "in" ? { ...tree, not: Boolean(tree.not) } : tree);
  });

  it("puts the measure left", () => {
    const form = toForm({ op: "compare", cmp: "<", left: lit(3), right: count("A") });
    expect(fromForm(form)).toEqual({ op: "compare", cmp: ">", left: count("A"), right: lit(3) });
  });

  it("takes twice not for nothing", () => {
    expect(fromForm(toForm({ op: "not", of: [{ op: "not", of: [tag("a")] }] }))).toEqual(tag("a"));
    expect(fromForm(toForm({ op: "not", of: [{ op: "in", left: { fn: "trait", name: "city" }, list: ["a"], not: true }] }))).toMatchObject({ op: "in", not: false });
  });

  it("reads lists of literals like lists of values", () => {
    const list = [lit("a"), "b"] as unknown as string[];
    expect(fromForm(toForm({ op: "in", left: { fn: "trait", name: "x" }, list }))).toMatchObject({ list: ["a", "b"] });
  });

  it("leaves out groups that say nothing", () => {
    const form = toForm({ op: "and", of: [tag("a"), tag("b")] });
    expect(fromForm({ ...form, of: [...form.of, emptyGroup("or")] })).toEqual({ op: "and", of: [tag("a"), tag("b")] });
    expect(fromForm(emptyGroup())).toEqual({ op: "const", value: true });
  });
});

describe("gaps", () => {
  it("names conditions that lack something, those of filters too", () => {
    const open = condOf({ op: "compare", cmp: ">=", left: { fn: "count", event: "", window: "30d" }, right: lit(1) });
    const inFilter = condOf({ op: "compare", cmp: ">=", left: { fn: "count", event: "A", window: "30d", where: { ...emptyGroup(), of: [condOf({ op: "has", left: { fn: "property", name: "" } })] } }, right: lit(1) });
    const whole = condOf({ op: "has_tag", key: "a" });
    const form: Group = { ...emptyGroup(), of: [whole, { ...emptyGroup("or"), of: [open, inFilter] }] };
    expect([...gaps(form)].sort()).toEqual([open.id, inFilter.id].sort());
  });

  it("takes zero and false for values", () => {
    const zero = condOf({ op: "compare", cmp: "==", left: { fn: "count", event: "A", window: "all" }, right: lit(0) });
    const no = condOf({ op: "compare", cmp: "==", left: { fn: "trait", name: "vip" }, right: lit(false) });
    expect(gaps({ ...emptyGroup(), of: [zero, no] }).size).toBe(0);
  });
});

const keys = (g: Group): string => g.of.map((i) => (isGroup(i) ? `(${keys(i)})` : (i.leaf as { key: string }).key)).join("");

describe("edits", () => {
  const form = () => toForm({ op: "and", of: [tag("a"), { op: "or", of: [tag("b"), tag("c")] }, tag("d")] });
  const at = (g: Group, key: string): number => {
    const walk = (items: Item[]): number | undefined => {
      for (const i of items) {
        const got = isGroup(i) ? walk(i.of) : (i.leaf as { key: string }).key === key ? i.id : undefined;
        if (got !== undefined) return got;
      }
      return undefined;
    };
    return walk(g.of) ?? 0;
  };
  const inner = (g: Group) => g.of.find(isGroup)?.id ?? 0;

  it("steps past neighbours, into groups and out of them, and comes back the same way", () => {
    let f = form();
    const seen = [keys(f)];
    for (let i = 0; i < 5; i++) {
      f = step(f, at(f, "a"), 1);
      seen.push(keys(f));
    }
    expect(seen).toEqual(["a(bc)d", "(abc)d", "(bac)d", "(bca)d", "(bc)ad", "(bc)da"]);
    for (let i = 0; i < 5; i++) f = step(f, at(f, "a"), -1);
    expect(keys(f)).toBe("a(bc)d");
    expect(step(f, at(f, "d"), 1)).toEqual(f);
  });

  it("moves to a place, counted before it is taken out", () => {
    const f = form();
    expect(keys(move(f, at(f, "a"), f.id, 3))).toBe("(bc)da");
    expect(keys(move(f, at(f, "d"), f.id, 0))).toBe("da(bc)");
    expect(keys(move(f, at(f, "d"), inner(f), 1))).toBe("a(bdc)");
    expect(move(f, at(f, "a"), f.id, 1)).toBe(f);
  });

  it("does not put a group into itself", () => {
    const f = form();
    expect(move(f, inner(f), inner(f), 0)).toBe(f);
    const deep = wrap(f, at(f, "b"));
    const deepest = find(deep, at(deep, "b"))?.parent.id ?? 0;
    expect(move(deep, inner(deep), deepest, 0)).toBe(deep);
  });

  it("wraps into a group of the other kind and unwraps", () => {
    const f = form();
    const wrapped = wrap(f, at(f, "a"));
    expect(keys(wrapped)).toBe("(a)(bc)d");
    expect(wrapped.of[0]).toMatchObject({ op: "or" });
    expect(keys(unwrap(f, inner(f)))).toBe("abcd");
  });

  it("doubles with new numbers and removes", () => {
    const f = form();
    const twice = double(f, inner(f));
    expect(keys(twice)).toBe("a(bc)(bc)d");
    expect(twice.of[1]?.id).not.toBe(twice.of[2]?.id);
    expect(keys(remove(f, inner(f)))).toBe("ad");
    expect(copyOf(f.of[0] as Item).id).not.toBe(f.of[0]?.id);
  });

  it("leaves what it does not touch as it was", () => {
    const f = form();
    const next = change(f, at(f, "b"), (i) => ({ ...i, not: true }));
    expect(next.of[0]).toBe(f.of[0]);
    expect(next).not.toBe(f);
    expect(change(f, -1, () => undefined)).toBe(f);
    expect(keys(insert(f, inner(f), 0, condOf({ op: "has_tag", key: "x" })))).toBe("a(xbc)d");
  });
});

it("reads and writes windows", () => {
  expect([daysOf("30d"), daysOf("all"), daysOf("0d"), daysOf("a month")]).toEqual([30, null, undefined, undefined]);
  expect([windowOf(7), windowOf(null)]).toEqual(["7d", "all"]);
});
