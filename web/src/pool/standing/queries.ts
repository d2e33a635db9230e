import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../../api/client";

export const standingQuery = (person: number) =>
  queryOptions({ queryKey: ["people", person, "standing"], queryFn: () => call(api.GET("/people/{id}/standing", { params: { path: { id: person } } })) });
