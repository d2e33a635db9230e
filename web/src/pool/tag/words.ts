import { useCallback } from "react";
import { useT } from "../../app/i18n";

/** Where a tag came from, in the reader's words; an unknown source as it stands. */
export function useSource(): (source: string) => string {
  const t = useT("tag");
  return useCallback((source) => t(`source.${source}`, { defaultValue: source }), [t]);
}
