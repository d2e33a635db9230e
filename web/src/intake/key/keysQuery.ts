import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import type { Key } from "../../api/types";

export const keysQuery = queryOptions({
  queryKey: ["keys"],
  queryFn: async () => (await call(api.GET("/keys"))).items,
});

// The server tells a secret once and keeps its hash. Until this page is left we remember it, so that the snippets can hold it.
const secretKey = (id: number) => ["key-secret", id];

export function keepSecret(client: QueryClient, key: Key, secret: string): void {
  client.setQueryDefaults(secretKey(key.id), { gcTime: Number.POSITIVE_INFINITY });
  client.setQueryData(secretKey(key.id), secret);
}

export const secretOf = (client: QueryClient, id: number): string | undefined => client.getQueryData<string>(secretKey(id));
