import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../../api/client";

/** The traits and channels that occur in the pool, for filters and columns. */
export const fieldsQuery = queryOptions({
  queryKey: ["people", "fields"],
  queryFn: () => call(api.GET("/people/fields")),
  staleTime: 60_000,
});
