import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, call } from "../../api/client";
import { useT } from "../../app/i18n";

/** What a write key is called, by its number: the intake's figures name those that brought events. */
export function useSourceName(): (id: number) => string {
  const t = useT("event");
  const stats = useQuery({ queryKey: ["intake", "stats"], queryFn: () => call(api.GET("/intake/stats")), staleTime: 60_000 }).data;
  return useCallback((id: number) => (id === 0 ? "" : (stats?.sources.find((s) => s.key_id === id)?.name ?? t("source_of", { id }))), [stats, t]);
}
