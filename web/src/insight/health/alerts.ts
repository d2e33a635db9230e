import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, call } from "../../api/client";

/** How often the bell looks, in ms. Alerts come once a day; a minute is soon. */
const every = 60_000;

/** How many alerts the reader has not read. */
export function useUnread(): number {
  const found = useQuery({ queryKey: ["alerts", "unread"], queryFn: () => call(api.GET("/alerts/unread")), refetchInterval: every, retry: false });
  return found.data?.count ?? 0;
}

/** Marks an alert, or all up to it, as read. */
export function useRead(): (id: number, upTo?: boolean) => Promise<void> {
  const client = useQueryClient();
  return useCallback(
    async (id, upTo = false) => {
      await call(api.POST("/alerts/{id}/read", { params: { path: { id } }, body: { up_to: upTo } }));
      await client.invalidateQueries({ queryKey: ["alerts"] });
    },
    [client],
  );
}
