import { queryOptions } from "@tanstack/react-query";
import { api, call, callWithETag } from "../../api/client";
import type { SegmentMode } from "../../api/rules";

export const segmentsQuery = (q?: string, mode?: SegmentMode, archived = false) =>
  queryOptions({
    queryKey: ["segments", "list", q ?? "", mode ?? "", archived],
    queryFn: () => call(api.GET("/segments", { params: { query: { q, mode, state: archived ? "archived" : undefined } } })),
  });

export const segmentQuery = (key: string) =>
  queryOptions({ queryKey: ["segments", key], queryFn: () => callWithETag(api.GET("/segments/{key}", { params: { path: { key } } })) });
