import type { Level, LevelIn, Params, TemplateParam, TierAction, TierPreview, Two } from "../../api/rules";

/** A level as the editor has it. The last one takes everyone whom no other took. */
export interface DraftLevel {
  /** Stays with the row while it moves. */
  id: number;
  key: string;
  title: string;
  color: string;
  strategy: string;
  actions: TierAction[];
  rule: string;
  /** What the rule says, as last known. */
  sentence: Two | null;
  /** Whether the rule can be saved. */
  sound: boolean;
}

let last = 0;

export const blankLevel = (taken: string[]): DraftLevel => ({ id: ++last, key: freeKey(taken), title: "", color: "", strategy: "", actions: [], rule: "", sentence: null, sound: false });

/** A key nobody has: a level's key never changes, its title may. */
export function freeKey(taken: string[]): string {
  for (let n = 1; ; n++) if (!taken.includes(`level_${n}`)) return `level_${n}`;
}

export const draftOf = (l: Pick<Level, "key" | "title" | "color" | "strategy" | "rule"> & { actions?: TierAction[] }): DraftLevel => ({
  id: ++last,
  key: l.key,
  title: l.title,
  color: l.color,
  strategy: l.strategy,
  actions: l.actions ?? [],
  rule: l.rule?.text ?? "",
  sentence: l.rule?.sentence ?? null,
  sound: l.rule !== null && l.rule.problems.length === 0,
});

/** The words of a template's level in the reader's language, if there are any. */
export type MadeWords = (key: string, what: "title" | "strategy", otherwise: string) => string;

/** What a template made, in the reader's language. */
export const fromPreview = (p: TierPreview, words: MadeWords): DraftLevel[] =>
  p.levels.map((l) => draftOf({ ...l, title: words(l.key, "title", l.title), strategy: words(l.key, "strategy", l.strategy) }));

/** What the server takes: the last level has no rule. */
export const sent = (levels: DraftLevel[]): LevelIn[] =>
  levels.map((l, i) => ({
    key: l.key,
    title: l.title.trim(),
    color: l.color || undefined,
    strategy: l.strategy.trim(),
    actions: l.actions.filter((a) => a.params.tag !== ""),
    ...(i < levels.length - 1 && { rule: l.rule }),
  }));

/** Why the levels cannot be saved yet; the first reason. */
export function lacking(levels: DraftLevel[]): "few" | "title" | "rule" | undefined {
  if (levels.length < 2) return "few";
  if (levels.some((l) => l.title.trim() === "")) return "title";
  return levels.slice(0, -1).some((l) => !l.sound || l.rule === "") ? "rule" : undefined;
}

export function moved(levels: DraftLevel[], at: number, way: -1 | 1): DraftLevel[] {
  const to = at + way;
  if (to < 0 || to >= levels.length) return levels;
  const next = [...levels];
  const [one] = next.splice(at, 1);
  if (one) next.splice(to, 0, one);
  return next;
}

/** The parameters of a template as they begin. */
export const defaults = (params: TemplateParam[]): Params => Object.fromEntries(params.map((p) => [p.name, p.default]));

/** "500, 2000" → [500, 2000]; undefined for what are not rising numbers. */
export function readNumbers(text: string): number[] | undefined {
  const parts = text.split(/[,，、;；\s]+/).filter((p) => p !== "");
  const numbers = parts.map(Number);
  if (numbers.length === 0 || numbers.some((n) => !Number.isFinite(n))) return undefined;
  return numbers;
}
