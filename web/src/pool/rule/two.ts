import { useCallback } from "react";
import type { Problem, Two } from "../../api/rules";
import { useLang } from "../../app/prefs";

/** The reader's half of a text that the server makes in both languages. */
export function useTwo(): (two: Two | null | undefined) => string {
  const lang = useLang();
  return useCallback((two) => (two ? (lang === "en" ? two.en : two.zh) : ""), [lang]);
}

export function useProblemWords(): (p: Problem) => string {
  const lang = useLang();
  return useCallback((p) => (lang === "en" ? p.message : p.message_zh || p.message), [lang]);
}
