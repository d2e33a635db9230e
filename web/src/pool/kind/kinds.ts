import { queryOptions, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, call } from "../../api/client";
import type { IdentityKind, IdentityRef } from "../../api/types";
import { useLang, type Lang } from "../../app/prefs";

export const kindsQuery = queryOptions({
  queryKey: ["identity-kinds"],
  queryFn: async () => (await call(api.GET("/identity-kinds"))).items,
  staleTime: 300_000,
});

/** A kind's title in the reader's language; the bare key where none is declared. */
export function kindTitle(kinds: IdentityKind[], kind: string, lang: Lang): string {
  const k = kinds.find((each) => each.kind === kind);
  return (lang === "en" ? k?.title : k?.title_zh || k?.title) || kind;
}

export function useKindTitle(): (kind: string) => string {
  const lang = useLang();
  const kinds = useQuery(kindsQuery).data;
  return useCallback((kind: string) => kindTitle(kinds ?? [], kind, lang), [kinds, lang]);
}

/** An identity as one line of text: 手机号 +8613800138000. */
export const refText = (ref: IdentityRef, title: (kind: string) => string): string =>
  `${title(ref.kind)} ${ref.value}${ref.scope === "" ? "" : ` (${ref.scope})`}`;

/** A key for a new kind: what Go and SQL take without quoting. */
export const isKindKey = (kind: string): boolean => /^[a-z][a-z0-9_]{1,39}$/.test(kind);
