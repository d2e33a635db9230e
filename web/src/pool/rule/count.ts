import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { useDebounced } from "../../ui/hooks";

/** Exactly how many people a rule fits now, and some of them. A question that typing has overtaken is taken back. */
export function useCount(text: string | undefined) {
  const rested = useDebounced(text, 120);
  const asked = text === undefined ? undefined : rested;
  return useQuery({
    queryKey: ["rules", "count", asked],
    queryFn: ({ signal }) => call(api.POST("/rules/count", { body: { text: asked }, signal })),
    enabled: asked !== undefined && asked !== "",
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
}
