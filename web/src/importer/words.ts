import i18next from "i18next";
import { useCallback } from "react";
import { useT } from "../app/i18n";
import { useLang } from "../app/prefs";
import type { Field } from "./mapping";

/** A field's title and help in the reader's language; the server names them in both. */
export function useFieldWords(): (f: Field) => { title: string; help: string } {
  const lang = useLang();
  return useCallback((f) => (lang === "en" ? { title: f.title, help: f.help } : { title: f.title_zh || f.title, help: f.help_zh || f.help }), [lang]);
}

/** The value a reason is about: what it quotes first. */
export const quoted = (reason: string): string => /"((?:[^"\\]|\\.)*)"|“([^”]*)”/.exec(reason)?.slice(1).find((v) => v !== undefined) ?? "";

/** Why a row is refused, in the reader's language where the code is known, else in the server's words. */
export function useRejectWords(): (r: { code: string; reason: string }) => string {
  const t = useT("importer");
  return useCallback(
    (r) => {
      const key = `reject.${r.code.replaceAll(".", "_")}`;
      return i18next.exists(`importer:${key}`) ? t(key, { value: quoted(r.reason) }) : r.reason;
    },
    [t],
  );
}
