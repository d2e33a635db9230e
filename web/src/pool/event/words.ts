import { useCallback } from "react";
import { useT } from "../../app/i18n";
import type { PoolEvent } from "../../api/types";

const table = "names"; // holds objects, not one text

export interface EventWords {
  title: string;
  /** The name as it was sent, where the title is another. */
  raw: string;
}

/** What an event is called: well-known names in the reader's language, any other as it was sent. */
export function useEventWords(): (e: Pick<PoolEvent, "type" | "name">) => EventWords {
  const t = useT("event");
  return useCallback(
    (e) => {
      // looked up as an object: names may hold dots and colons, which mean something in keys
      const names = t(table, { returnObjects: true }) as unknown as Record<string, string>;
      const known = Object.hasOwn(names, e.name) ? names[e.name] : undefined;
      if (e.type === "track") return { title: known ?? e.name, raw: known === undefined || known === e.name ? "" : e.name };
      const type = t(`type.${e.type}`, { defaultValue: e.type });
      return { title: e.name === "" || e.type === "identify" || e.type === "alias" ? type : `${type} · ${known ?? e.name}`, raw: "" };
    },
    [t],
  );
}
