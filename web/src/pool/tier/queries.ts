import { queryOptions } from "@tanstack/react-query";
import { api, call, callWithETag } from "../../api/client";

export const tiersQuery = queryOptions({ queryKey: ["tiers", "list"], queryFn: () => call(api.GET("/tiers")) });

export const tierQuery = (key: string) => queryOptions({ queryKey: ["tiers", key], queryFn: () => callWithETag(api.GET("/tiers/{key}", { params: { path: { key } } })) });

export const templatesQuery = queryOptions({ queryKey: ["tiers", "templates"], queryFn: () => call(api.GET("/tiers/templates")), staleTime: Number.POSITIVE_INFINITY });
