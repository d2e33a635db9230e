import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../api/client";

/** How fast events come in and how far the pool is behind. The live stream writes fresher answers into the same place. */
export const statsQuery = queryOptions({
  queryKey: ["intake", "stats"],
  queryFn: () => call(api.GET("/intake/stats")),
  refetchInterval: 5_000,
  staleTime: 4_000,
});
