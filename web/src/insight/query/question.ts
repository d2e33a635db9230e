import { api, call, once } from "../../api/client";
import type { Common, KeepIn, Kept, PeoplePage, Result, RunState } from "./wire";

/** A kind of question as its room tells it: Q is the query, A the answer, Of names a number of the answer whose people can be asked for. */
export interface Question<Q extends Common, A, Of> {
  /** The last part of its operations' paths, and the room's name in words and drafts. */
  kind: string;
  /** Carries the types; never there. */
  of?: { query: Q; answer: A; of: Of };
}

export const question = <Q extends Common, A, Of = never>(kind: string): Question<Q, A, Of> => ({ kind });

/** The operations of every kind are alike, so that the client's types, which know each path by itself, are set aside here once. */
type Send = <T>(path: string, init: { body?: unknown; params?: { path: Record<string, string> }; signal?: AbortSignal; headers?: Record<string, string>; parseAs?: "text" }) => Promise<{ data?: T; response: Response }>;
const post = api.POST as unknown as Send;
const get = api.GET as unknown as Send;
const del = api.DELETE as unknown as Send;

/** Asks; the run can be followed and cancelled under the id given. */
export function ask<Q extends Common, A, Of>(q: Question<Q, A, Of>, query: Q, run?: string, signal?: AbortSignal): Promise<Result<A>> {
  return call(post<Result<A>>(`/insight/${q.kind}`, { body: query, signal, headers: run === undefined ? undefined : { "X-Run": run } }));
}

/** A page of the people behind a number. */
export function askPeople<Q extends Common, A, Of>(q: Question<Q, A, Of>, query: Q, of: Of, cursor?: string, signal?: AbortSignal): Promise<PeoplePage> {
  return call(post<PeoplePage>(`/insight/${q.kind}/people`, { body: { query, of, cursor: cursor || undefined, limit: 50 }, signal }));
}

/** Keeps the people behind a number as a segment that never changes. */
export function keepPeople<Q extends Common, A, Of>(q: Question<Q, A, Of>, query: Q, of: Of, as: KeepIn, key: string): Promise<Kept> {
  return call(post<Kept>(`/insight/${q.kind}/segment`, { body: { query, of, ...as }, headers: { "Idempotency-Key": key } }));
}

/** The answer as a table, in the reader's language. */
export function askCsv<Q extends Common, A, Of>(q: Question<Q, A, Of>, query: Q, lang: string): Promise<string> {
  return call(post<string>(`/insight/${q.kind}/csv`, { body: query, headers: { "Accept-Language": lang }, parseAs: "text" }));
}

export const runState = (run: string, signal?: AbortSignal): Promise<RunState> => call(get<RunState>("/insight/runs/{id}", { params: { path: { id: run } }, signal }));

export const cancelRun = (run: string): Promise<void> => call(del<void>("/insight/runs/{id}", { params: { path: { id: run } } }));

/** A name for a run of one's own. */
export const newRun = (): string => once();
