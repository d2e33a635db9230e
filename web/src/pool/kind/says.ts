import type { IdentityKind } from "../../api/types";

type Translate = (key: string, values?: Record<string, unknown>) => string;

/** A kind's rules as sentences. */
export function rulesOf(k: Pick<IdentityKind, "unique" | "strong" | "merges" | "trait">, title: string, t: Translate): string[] {
  const first = k.merges ? (k.strong ? "strong_merges" : "weak_merges") : "attaches";
  const lines = [first, k.unique ? "unique" : "many", ...(k.trait === "" ? [] : ["trait"])];
  return lines.map((line) => t(`says.${line}`, { title, trait: k.trait }));
}
