import { queryOptions } from "@tanstack/react-query";
import { api, call, callWithETag } from "../../api/client";
import type { TagMode } from "../../api/rules";

export const tagsQuery = (search: { q?: string; group?: string; mode?: TagMode; archived?: boolean } = {}) =>
  queryOptions({
    queryKey: ["tags", "list", search.q ?? "", search.group ?? "", search.mode ?? "", search.archived ?? false],
    queryFn: () => call(api.GET("/tags", { params: { query: { q: search.q, group: search.group, mode: search.mode, state: search.archived ? "archived" : undefined } } })),
  });

export const tagQuery = (key: string) => queryOptions({ queryKey: ["tags", key], queryFn: () => callWithETag(api.GET("/tags/{key}", { params: { path: { key } } })) });
