import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, call } from "../../api/client";
import type { Rejected } from "../../api/types";
import { statsQuery } from "../statsQuery";

const key = ["intake", "rejected"];

export const useRejected = (state: Rejected["state"] | "all", code: string | undefined, source: string | undefined) =>
  useInfiniteQuery({
    queryKey: [...key, state, code ?? "", source ?? ""],
    queryFn: ({ pageParam }) => call(api.GET("/intake/rejected", { params: { query: { cursor: pageParam || undefined, limit: 50, state, code, source: source === undefined ? undefined : Number(source) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
  });

/** Reads the rejected events and the counts anew, after something was done with them. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    await Promise.all([client.invalidateQueries({ queryKey: key }), client.invalidateQueries({ queryKey: statsQuery.queryKey })]);
  }, [client]);
}
