import { api, call } from "../../api/client";
import type { Problem } from "../../api/rules";
import { everyone, type Tree } from "../../api/tree";
import type { Server } from "../../pool/rule/draft";

// A condition over the properties of an event is read and written by the rules' own means: as the filter of a rule that counts the event.

const before = (event: string) => `count(${JSON.stringify(event)}, "all", `;
const after = ") >= 1";

/** The filter within the text of a rule that counts the event; "" where there is none. */
export function whereOf(rule: string, event: string): string {
  const head = before(event);
  return rule.startsWith(head) && rule.endsWith(after) ? rule.slice(head.length, -after.length) : "";
}

/** Problems of the rule as problems of the filter within it. */
export function shifted(problems: Problem[], event: string, where: string): Problem[] {
  const by = [...before(event)].length;
  const most = [...where].length;
  return problems.map((p) => {
    const offset = Math.min(Math.max(0, p.offset - by), most);
    const length = Math.max(0, Math.min(p.length, most - offset));
    return { ...p, offset, length, column: p.line === 1 ? Math.max(1, p.column - by) : p.column };
  });
}

const counted = (event: string, where: Tree): Tree => ({ op: "compare", cmp: ">=", left: { fn: "count", event, window: "all", where }, right: { fn: "lit", value: 1 } });

/** What the draft of such a condition asks, for the properties of one event. */
export function whereServer(event: string): Server {
  const check: Server["check"] = async (text, signal) => {
    if (text.trim() === "") return { ok: true, text: "", tree: everyone, sentence: { zh: "", en: "" }, problems: [], cycle: [] };
    const found = await call(api.POST("/rules/check", { body: { text: `${before(event)}${text}${after}` }, signal }));
    const tree = found.tree as Tree | null;
    const where = tree?.op === "compare" && tree.left.fn === "count" ? tree.left.where : undefined;
    return { ok: found.ok, text: found.ok ? whereOf(found.text, event) || text : text, tree: where ?? null, sentence: found.sentence, problems: shifted(found.problems, event, text), cycle: [] };
  };
  return {
    check,
    text: async (tree, signal) => {
      if (tree.op === "const") return { text: "", sentence: { zh: "", en: "" }, problems: [] };
      const made = await call(api.POST("/rules/text", { body: { tree: counted(event, tree) }, signal }));
      const text = whereOf(made.text, event);
      return { text, sentence: made.sentence, problems: shifted(made.problems, event, text) };
    },
  };
}
