import { useCallback } from "react";
import { useLang } from "../../app/prefs";
import { entry, wordTable } from "../../app/table";
import { traitText } from "./columns";

/** A trait's value as the reader would say it: the usual words for a gender, any other as it was sent. */
export function useTraitValue(): (trait: string, value: unknown) => string {
  const lang = useLang();
  return useCallback(
    (trait: string, value: unknown) => {
      const text = traitText(value);
      return (trait === "gender" ? entry(wordTable(lang, "people", "gender"), text.toLowerCase()) : undefined) ?? text;
    },
    [lang],
  );
}

/** A trait's title in the reader's language, for those most brands have; any other as it was sent. */
export function useTraitTitle(): (trait: string) => string {
  const lang = useLang();
  return useCallback((trait: string) => entry(wordTable(lang, "people", "trait"), trait) ?? trait, [lang]);
}
