import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../../api/client";

/** A person by any number they ever had; the answer's id is the present one. */
export const personQuery = (id: number) =>
  queryOptions({
    queryKey: ["people", "one", id],
    queryFn: () => call(api.GET("/people/{id}", { params: { path: { id } } })),
  });
