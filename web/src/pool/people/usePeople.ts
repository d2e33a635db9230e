import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { defaultSort, type PeopleSearch } from "./filter";

/** The people that match, page by page. */
export const usePeople = (search: PeopleSearch) =>
  useInfiniteQuery({
    queryKey: ["people", "list", search.q ?? "", search.f ?? [], search.sort ?? defaultSort],
    queryFn: ({ pageParam }) =>
      call(
        api.GET("/people", {
          params: { query: { q: search.q, f: search.f, sort: search.sort ?? defaultSort, cursor: pageParam || undefined, limit: 50 } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
  });
