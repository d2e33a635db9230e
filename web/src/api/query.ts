import { QueryCache, QueryClient } from "@tanstack/react-query";
import { asApiError } from "./error";

/** A query client that hands every 401 to onSignedOut and repeats only what may pass the second time. */
export function newQueryClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (err, query) => {
        if (asApiError(err).status === 401 && query.queryKey[0] !== "session") onSignedOut();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: false,
        retry: (failures, err) => {
          const { status } = asApiError(err);
          return failures < 2 && (status === 0 || status >= 502);
        },
      },
    },
  });
}
