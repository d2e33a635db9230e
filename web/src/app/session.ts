import { queryOptions, useQuery, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { api, call, setCsrf } from "../api/client";
import type { PoolInfo, Role, Session } from "../api/types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async () => {
    const session = await call(api.GET("/session"));
    setCsrf(session.csrf);
    return session;
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

/** Who is signed in. Only for pages under the shell, whose route has loaded it. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

const before: PoolInfo = { name: "", time_zone: "Asia/Shanghai", currency: "CNY", region: "CN", version: "", demo: false };

/** The pool's name, zone and currency; quiet defaults before sign-in. */
export function usePool(): PoolInfo {
  return useQuery({ ...sessionQuery, enabled: false }).data?.pool ?? before;
}

const ladder: Role[] = ["service", "analyst", "operator", "owner"];

/** Whether the signed-in user has at least this role, to hide what the server would refuse. */
export function useMay(role: Role): boolean {
  return ladder.indexOf(useSession().user.role) >= ladder.indexOf(role);
}

export function keepSession(client: QueryClient, session: Session): void {
  setCsrf(session.csrf);
  client.setQueryData(sessionQuery.queryKey, session);
}

export function dropSession(client: QueryClient): void {
  setCsrf("");
  client.clear();
}
