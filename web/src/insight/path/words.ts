import { useCallback } from "react";
import { useT } from "../../app/i18n";
import { useVocabulary } from "../../pool/rule/schema";
import { useStepName } from "../query/StepsField";
import type { PathNode, PathQuery } from "./path";

/** What a node is called. Looking back, paths end where the person began. */
export function useNodeName(query: PathQuery): (n: PathNode) => string {
  const t = useT("path");
  const words = useVocabulary();
  const stepName = useStepName();
  return useCallback(
    (n) => {
      if (n.step === 0) return stepName(query.anchor);
      if (n.what === "others") return t("others", { count: n.names ?? 0 });
      if (n.what === "end") return t(query.direction === "before" ? "beginning" : "end");
      return words.event(n.event ?? "");
    },
    [query.anchor, query.direction, words, stepName, t],
  );
}

/** Who is behind a node or a link, in words. */
export function useWho(query: PathQuery): { node: (n: PathNode) => string; link: (from: PathNode, to: PathNode) => string } {
  const t = useT("path");
  const name = useNodeName(query);
  const way = query.direction === "before" ? "before" : "after";
  return {
    node: (n) => (n.step === 0 ? t("who.anchor", { event: name(n) }) : t(n.what === "end" ? `who.end_${way}` : `who.node_${way}`, { step: n.step, event: name(n) })),
    link: (from, to) => (way === "before" ? t("who.link", { from: name(to), to: name(from) }) : t("who.link", { from: name(from), to: name(to) })),
  };
}
