import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, call } from "../../api/client";
import { statsQuery } from "../statsQuery";

const key = ["intake", "rejected"];

export const useRejected = (code: string | undefined, source: string | undefined) =>
  useInfiniteQuery({
    queryKey: [...key, code ?? "", source ?? ""],
    queryFn: ({ pageParam }) => call(api.GET("/intake/rejected", { params: { query: { cursor: pageParam || undefined, limit: 50, code, source } } })),
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
