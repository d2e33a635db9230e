import { useT } from "../../app/i18n";
import type { Rung } from "./ladder";

/** The names that the template gives rungs; a reader of another language sees his own words for them. */
const template: Record<string, string> = { interest: "兴趣", demand: "需求", trust: "信任", cost: "行动成本" };

/** How a rung is called. */
export function useRungName(): (r: Pick<Rung, "key" | "title">) => string {
  const t = useT("ladder");
  return (r) => (r.title === template[r.key] ? t(`rung.${r.key}`) : r.title);
}
