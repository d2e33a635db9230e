import type * as t from "./types";

export type Op<R, In extends { query?: object; path?: object; header?: object; body?: unknown } = object> = {
  parameters: {
    query?: In extends { query: infer Q } ? Q : never;
    header?: In extends { header: infer H } ? H : never;
    cookie?: never;
  } & (In extends { path: infer P } ? { path: P } : { path?: never });
  responses: { 200: { headers: Record<string, unknown>; content: { "application/json": R } } };
} & (In extends { body: infer B } ? { requestBody: { content: { "application/json": B } } } : { requestBody?: never });

export type ID = { path: { id: number } };
export type Items<T> = { items: T[] };

/** What each operation takes and answers, in the shape openapi-typescript writes. */
export interface paths {
  "/setup": { get: Op<{ needed: boolean }>; post: Op<t.Session, { body: { email: string; name: string; password: string } }> };
  "/session": { get: Op<t.Session>; post: Op<t.Session, { body: { email: string; password: string } }>; delete: Op<undefined> };
  "/session/password": { post: Op<undefined, { body: { current: string; next: string } }> };
  "/users": {
    get: Op<Items<t.User>>;
    post: Op<t.User, { body: { email: string; name: string; role: t.Role; password: string } }>;
  };
  "/users/{id}": {
    patch: Op<t.User, ID & { body: { name?: string; role?: t.Role; disabled?: boolean; password?: string } }>;
  };
  "/keys": {
    get: Op<Items<t.Key>>;
    post: Op<t.Key & { secret: string }, { body: { kind: "write" | "api"; name: string; role?: t.Role } }>;
  };
  "/keys/{id}": { delete: Op<undefined, ID> };
  "/settings": { get: Op<t.Settings>; put: Op<t.Settings, { header: { "If-Match": string }; body: t.Settings }> };
  "/definitions/{kind}/{key}/versions": { get: Op<Items<t.Version>, { path: { kind: string; key: string } }> };
  "/definitions/{kind}/{key}/rollback": {
    post: Op<{ version: number }, { path: { kind: string; key: string }; body: { version: number } }>;
  };
  "/audit": { get: Op<t.Page<t.AuditEntry>, { query: { cursor?: string; limit?: number } }> };
  "/system": { get: Op<t.SystemHealth> };
  "/overview": { get: Op<t.Overview, { query: { from?: string; to?: string; grain?: t.Grain } }> };
  "/totals": { get: Op<t.Totals, { query: { from?: string; to?: string } }> };
  "/people": {
    get: Op<
      t.CountedPage<t.PersonRow>,
      { query: { q?: string; f?: string[]; sort?: string; cursor?: string; limit?: number } }
    >;
  };
  "/people/fields": { get: Op<t.PeopleFields> };
  "/people/{id}": { get: Op<t.Person, ID> };
  "/people/{id}/timeline": {
    get: Op<t.Page<t.PoolEvent>, ID & { query: { cursor?: string; limit?: number; name?: string } }>;
  };
  "/people/{id}/unmerge": { post: Op<{ people: t.Person[] }, ID & { body: { identities: number[]; reason: string } }> };
  "/people/find": { get: Op<t.Person, { query: { kind: string; value: string; scope?: string } }> };
  "/people/merge": { post: Op<t.Person, { body: { people: number[]; reason: string; force: boolean } }> };
  "/identities/{id}/quarantine": { post: Op<t.Person, ID & { body: { on: boolean; reason: string } }> };
  "/conflicts": { get: Op<t.Page<t.Conflict>, { query: { state?: string; cursor?: string; limit?: number } }> };
  "/conflicts/{id}/resolve": { post: Op<t.Conflict, ID & { body: { action: "merge" | "dismiss" } }> };
  "/identity-kinds": { get: Op<Items<t.IdentityKind>> };
  "/identity-kinds/{kind}": { put: Op<t.IdentityKind, { path: { kind: string }; body: t.IdentityKind }> };
  "/intake/stats": { get: Op<t.IntakeStats> };
  "/intake/live": { get: Op<Items<t.PoolEvent>, { query: { limit?: number } }> };
  "/intake/rejected": {
    get: Op<
      t.Page<t.Rejected> & { total: number; by_code: { code: string; n: number }[] },
      { query: { state?: t.Rejected["state"] | "all"; cursor?: string; limit?: number; code?: string; source?: number } }
    >;
  };
  "/intake/rejected/replay": {
    post: Op<{ accepted: number; rejected: number }, { body: { ids?: number[]; all?: boolean; code?: string } }>;
  };
  "/intake/rejected/{id}": { put: Op<{ accepted: boolean; reason: string }, ID & { body: { body: string } }> };
  "/intake/rejected/drop": { post: Op<undefined, { body: { ids: number[] } }> };
  "/intake/schema": { get: Op<Items<t.EventSchema>> };
  "/imports": {
    get: Op<t.Page<t.Import>, { query: { cursor?: string; limit?: number } }>;
    post: Op<t.Import, { body: t.ImportPlan }>;
  };
  "/imports/preview": { post: Op<t.ImportPreview, { body: t.ImportPlan }> };
  "/imports/presets": { get: Op<Items<t.ImportPreset>> };
  "/imports/{id}": { get: Op<t.Import, ID> };
  "/imports/{id}/cancel": { post: Op<t.Import, ID> };
  "/imports/{id}/resume": { post: Op<t.Import, ID> };
}
