import i18next from "i18next";
import { useCallback } from "react";
import type { Rejected } from "../../api/types";
import { useT } from "../../app/i18n";

export interface ReasonWords {
  title: string;
  hint: string;
}

/** Why events of a code were refused and what to do, in the reader's language; the server's own words for codes not known here. */
export function useReasons(): (r: Pick<Rejected, "code"> & Partial<Pick<Rejected, "reason" | "hint">>) => ReasonWords {
  const t = useT("rejected");
  return useCallback(
    (r) => {
      const known = `rejected:code.${r.code}.title`;
      if (i18next.exists(known)) return { title: t(`code.${r.code}.title`), hint: t(`code.${r.code}.hint`) };
      return { title: r.reason ?? r.code, hint: r.hint ?? "" };
    },
    [t],
  );
}
