import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, call } from "../api/client";
import type { ImportPlan } from "../api/types";
import { isRunning } from "./progress";

export const presetsQuery = queryOptions({
  queryKey: ["imports", "presets"],
  queryFn: async () => (await call(api.GET("/imports/presets"))).items,
  staleTime: Number.POSITIVE_INFINITY,
});

export const importQuery = (id: number) =>
  queryOptions({
    queryKey: ["imports", "one", id],
    queryFn: () => call(api.GET("/imports/{id}", { params: { path: { id } } })),
    refetchInterval: (q) => (q.state.data === undefined || isRunning(q.state.data) ? 1_000 : false),
  });

/** The history, newest first; it keeps an eye on what runs. */
export const useImports = () =>
  useInfiniteQuery({
    queryKey: ["imports", "list"],
    queryFn: ({ pageParam }) => call(api.GET("/imports", { params: { query: { cursor: pageParam || undefined, limit: 20 } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    refetchInterval: (q) => (q.state.data?.pages.some((p) => p.items.some(isRunning)) ? 2_000 : false),
  });

/** What the first rows would become under this plan. */
export const usePreview = (plan: ImportPlan) =>
  useQuery({
    queryKey: ["imports", "preview", plan],
    queryFn: () => call(api.POST("/imports/preview", { body: plan })),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
  });
