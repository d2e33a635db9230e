import { useCallback } from "react";
import { useLang } from "../../app/prefs";
import { entry, wordTable } from "../../app/table";

/** A trait's title in the reader's language, for those most brands have; any other as it was sent. */
export function useTraitTitle(): (trait: string) => string {
  const lang = useLang();
  return useCallback((trait: string) => entry(wordTable(lang, "people", "trait"), trait) ?? trait, [lang]);
}
