import i18next from "i18next";
import type { Lang } from "./prefs";

/**
 * A table of a room's words whose keys are data, such as names of events: with dots and colons, which mean something in keys.
 * It is the resource itself; t with returnObjects would translate every entry each time.
 */
export function wordTable(lang: Lang, room: string, key: string): Readonly<Record<string, string>> {
  return (i18next.getResource(lang, room, key) as Record<string, string> | undefined) ?? {};
}

/** A table's entry; never what the object inherited. */
export const entry = (table: Readonly<Record<string, string>>, key: string): string | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);
