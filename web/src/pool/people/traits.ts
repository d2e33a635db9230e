import { useCallback } from "react";
import { useT } from "../../app/i18n";

const table = "trait"; // holds objects, not one text

/** A trait's title in the reader's language, for those most brands have; any other as it was sent. */
export function useTraitTitle(): (trait: string) => string {
  const t = useT("people");
  return useCallback(
    (trait: string) => {
      // looked up as an object: a trait's name may hold dots, which mean something in keys
      const titles = t(table, { returnObjects: true }) as unknown as Record<string, string>;
      return (Object.hasOwn(titles, trait) && titles[trait]) || trait;
    },
    [t],
  );
}
