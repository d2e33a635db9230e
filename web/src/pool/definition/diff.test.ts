// A diff shows what changed and loses nothing of either side.
import { expect, it } from "vitest";
import { pieces } from "./diff";
import { between } from "./Versions";

const side = (from: string, to: string, kind: "del" | "ins") => pieces(from, to).filter((p) => p.kind === kind || p.kind === "same").map((p) => p.text).join("");

it("gives back both sides", () => {
  const [from, to] = ['count("A", "30d") >= 3 && person.city in ["杭州"]', 'count("B", "30d") >= 13 && person.city in ["杭州", "上海"]'];
  expect(side(from, to, "del")).toBe(from);
  expect(side(from, to, "ins")).toBe(to);
});

it("marks the word that changed and no more", () => {
  expect(pieces("城市是杭州", "城市是苏州")).toEqual([
    { kind: "same", text: "城市是" },
    { kind: "del", text: "杭" },
    { kind: "ins", text: "苏" },
    { kind: "same", text: "州" },
  ]);
  expect(pieces("a b", "a b")).toEqual([{ kind: "same", text: "a b" }]);
});

it("does not stall on very long texts", () => {
  const [from, to] = ["a ".repeat(5000), "b ".repeat(5000)];
  expect(pieces(from, to)).toEqual([{ kind: "del", text: from }, { kind: "ins", text: to }]);
});

it("names the members that differ", () => {
  expect(between({ title: "a", rule: "x" }, { title: "a", rule: "y", note: 1 })).toEqual([
    { path: "/rule", from: "x", to: "y" },
    { path: "/note", from: undefined, to: 1 },
  ]);
});
