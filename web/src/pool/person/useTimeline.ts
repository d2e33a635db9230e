import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { api, call } from "../../api/client";
import { addNew } from "../event/days";

const read = (id: number, name: string | undefined, limit: number, cursor?: string) =>
  call(api.GET("/people/{id}/timeline", { params: { path: { id }, query: { cursor, limit, name } } }));

/** A person's events, newest first, older ones on demand; what happens meanwhile is put on top. */
export function useTimeline(id: number, name: string | undefined) {
  const client = useQueryClient();
  const key = useMemo(() => ["people", "timeline", id, name ?? ""], [id, name]);
  const source = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(id, name, 50, pageParam || undefined),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    staleTime: Number.POSITIVE_INFINITY, // the newest come from below; the old do not change
  });
  const newest = useQuery({
    queryKey: ["people", "newest", id, name ?? ""],
    queryFn: () => read(id, name, 20),
    refetchInterval: 5_000,
    enabled: source.isSuccess,
  }).data;
  const known = useMemo(() => source.data?.pages.flatMap((p) => p.items) ?? [], [source.data]);
  const events = useMemo(() => addNew(known, newest?.items ?? []), [known, newest]);

  // more came than one look holds: the list is read anew rather than shown with a hole
  const hole = newest !== undefined && newest.next !== "" && known.length > 0 && newest.items.every((e) => !known.some((k) => k.id === e.id));
  useEffect(() => {
    if (hole) void client.resetQueries({ queryKey: key });
  }, [hole, client, key]);

  return { source, events };
}
