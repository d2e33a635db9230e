import { useCallback } from "react";
import { useLang } from "../app/prefs";
import type { Field } from "./mapping";

/** A field's title and help in the reader's language; the server names them in both. */
export function useFieldWords(): (f: Field) => { title: string; help: string } {
  const lang = useLang();
  return useCallback((f) => (lang === "en" ? { title: f.title, help: f.help } : { title: f.title_zh || f.title, help: f.help_zh || f.help }), [lang]);
}
