import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { useStepName } from "../query/StepsField";
import type { FunnelQuery } from "./funnel";

/** Names of the steps, each with its number where a name occurs twice; in any order, how many of them. */
export function useStepNames(query: FunnelQuery): string[] {
  const t = useT("funnel");
  const name = useStepName();
  return useMemo(() => {
    if (query.order === "any") return query.steps.map((_, i) => t("any_of", { k: i + 1, n: query.steps.length }));
    const names = query.steps.map(name);
    return names.map((n, i) => (names.indexOf(n) === i && names.lastIndexOf(n) === i ? n : `${i + 1}. ${n}`));
  }, [query.steps, query.order, name, t]);
}

/** Who is behind a number, in words. */
export function useWho(names: string[]): (step: number, who: "reached" | "dropped", group?: string) => string {
  const t = useT("funnel");
  return (step, who, group) => {
    const [last = "", next = ""] = [names[step - 2], names[step - 1]];
    const said = who === "dropped" ? t("who.dropped", { last, next }) : t("who.reached", { next });
    return group === undefined ? said : t("who.in", { group, said });
  };
}

/** A span of seconds, short; a dash where nobody can say. */
export function useSpan(): (seconds: number | null) => string {
  const fmt = useFmt();
  return (s) => (s === null ? "—" : fmt.span(s));
}
