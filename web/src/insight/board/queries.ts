import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, call, callWithETag } from "../../api/client";

export const boardsQuery = (q?: string, archived = false) =>
  queryOptions({ queryKey: ["boards", "list", q ?? "", archived], queryFn: () => call(api.GET("/insight/boards", { params: { query: { q, archived } } })) });

export const boardQuery = (key: string) =>
  queryOptions({ queryKey: ["boards", "one", key], queryFn: () => callWithETag(api.GET("/insight/boards/{key}", { params: { path: { key } } })) });

export const savedChartsQuery = (q?: string, archived = false) =>
  queryOptions({ queryKey: ["boards", "charts", q ?? "", archived], queryFn: () => call(api.GET("/insight/charts", { params: { query: { q, archived } } })) });

export const templatesQuery = queryOptions({ queryKey: ["boards", "templates"], queryFn: () => call(api.GET("/insight/board-templates")), staleTime: 60_000 });

export const sharesQuery = (key: string) =>
  queryOptions({ queryKey: ["boards", "shares", key], queryFn: () => call(api.GET("/insight/boards/{key}/shares", { params: { path: { key } } })) });

export const reportsQuery = (key: string) =>
  queryOptions({ queryKey: ["boards", "reports", key], queryFn: () => call(api.GET("/insight/boards/{key}/reports", { params: { path: { key } } })) });

export const deliveriesQuery = (key: string) =>
  queryOptions({ queryKey: ["boards", "deliveries", key], queryFn: () => call(api.GET("/insight/reports/{key}/deliveries", { params: { path: { key } } })) });

/** After something about boards or charts was changed; what charts answered stays. */
export const boardsChanged = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: ["boards"] });
