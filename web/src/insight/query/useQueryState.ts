import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { one } from "../../app/search";
import { useDebounced } from "../../ui/hooks";

/** For validateSearch of a page that asks: the query as JSON. */
export const questionSearch = (s: Record<string, unknown>): { q?: string } => ({ q: one(s.q) });

/** The search of a page's address that asks a query: `<Link to={charts[…].to} search={searchOf(query)}>`. */
export const searchOf = (query: object): { q: string } => ({ q: JSON.stringify(query) });

const place = (kind: string) => `huoshui.draft.insight.${kind}`;

function kept(kind: string): string | undefined {
  try {
    return sessionStorage.getItem(place(kind)) ?? undefined;
  } catch {
    return undefined;
  }
}

function keep(kind: string, text: string): void {
  try {
    sessionStorage.setItem(place(kind), text);
  } catch {
    // storage refused: the address has it
  }
}

/** The object in a JSON text; undefined for anything else, such as an address cut short. */
export function readJson(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The query of a page, kept in the address (?q=…) so that it can be shared, and in this tab, so that coming back finds it. `read` makes a sound
 * query of whatever an address holds; `start` is what a reader begins with.
 */
export function useQueryState<Q extends object>(kind: string, start: Q, read: (raw: Record<string, unknown>) => Q): { query: Q; set: (next: Q) => void; reset: () => void } {
  const { q } = useSearch({ strict: false }) as { q?: string };
  const navigate = useNavigate();
  const router = useRouter();
  const begun = useRef(router.state.location.pathname);
  const [query, setQuery] = useState<Q>(() => {
    const raw = readJson(q) ?? readJson(kept(kind));
    return raw === undefined ? start : read(raw);
  });
  const written = useRef(q);
  const text = JSON.stringify(query);
  const rested = useDebounced(text, 250);

  // the address follows what is chosen …
  useEffect(() => {
    const plain = rested === JSON.stringify(start) ? undefined : rested;
    keep(kind, rested);
    if (plain === written.current || router.latestLocation.pathname !== begun.current) return;
    written.current = plain;
    void navigate({ to: begun.current as string, search: ((was: object) => ({ ...was, q: plain })) as never, replace: true, resetScroll: false });
    // only what rests is written down
  }, [rested]);

  // … and what is chosen follows an address that somebody else wrote: a link, back, forward
  useEffect(() => {
    if (q === written.current) return;
    written.current = q;
    const raw = readJson(q);
    setQuery(raw === undefined ? start : read(raw));
  }, [q]);

  const reset = useCallback(() => setQuery(start), [start]);
  return { query, set: setQuery, reset };
}
