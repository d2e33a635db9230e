import { useCallback } from "react";
import { useT } from "../../app/i18n";
import { useLang } from "../../app/prefs";
import { entry, wordTable } from "../../app/table";
import type { PoolEvent } from "../../api/types";

export interface EventWords {
  title: string;
  /** The name as it was sent, where the title is another. */
  raw: string;
}

// the names that calls without a name of their own are given
const unnamed = new Set(["Page Viewed", "Screen Viewed", "Grouped"]);

/** What an event is called: well-known names in the reader's language, any other as it was sent. */
export function useEventWords(): (e: Pick<PoolEvent, "type" | "name">) => EventWords {
  const t = useT("event");
  const lang = useLang();
  return useCallback(
    (e) => {
      const known = entry(wordTable(lang, "event", "names"), e.name);
      if (e.type === "track") return { title: known ?? e.name, raw: known === undefined || known === e.name ? "" : e.name };
      const type = t(`type.${e.type}`, { defaultValue: e.type });
      return { title: e.name === "" || unnamed.has(e.name) || e.type === "identify" || e.type === "alias" ? type : `${type} · ${known ?? e.name}`, raw: "" };
    },
    [t, lang],
  );
}
