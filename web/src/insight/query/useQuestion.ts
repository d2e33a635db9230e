import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { asApiError, type ApiError } from "../../api/error";
import { useDebounced } from "../../ui/hooks";
import { ask, cancelRun, newRun, runState, type Question } from "./question";
import type { Common, Result, RunState } from "./wire";

export interface Asking<A> {
  /** The answer; while another is awaited, the former one with `stale`. */
  result: Result<A> | undefined;
  stale: boolean;
  error: ApiError | undefined;
  asking: boolean;
  /** How far it is, once it takes longer than a moment. */
  progress: RunState | undefined;
  /** It has taken longer than a moment: say so, and let it be cancelled. */
  slow: boolean;
  cancelled: boolean;
  cancel: () => void;
  again: () => void;
}

/** How long changes rest before they are asked, and how long one waits without being told, in ms. */
const rest = 250;
const moment = 300;
const follow = 500;
const soon = 3_000;

/**
 * Asks a question and asks again when it changes: a question that a later one has overtaken, or whose page was left, is taken back, on the
 * server too. undefined is a question that is not whole yet: nothing is asked, and the last answer stays.
 */
export function useQuestion<Q extends Common, A, Of>(question: Question<Q, A, Of>, query: Q | undefined): Asking<A> {
  const client = useQueryClient();
  const now = query === undefined ? undefined : JSON.stringify(query);
  const rested = useDebounced(now, rest);
  // what is no question any more is not asked, however short ago it was one
  const asked = now === undefined ? undefined : rested;
  const run = useRef<string>(undefined);
  const [cancelled, setCancelled] = useState<string>();
  const key = useMemo(() => ["insight", question.kind, asked], [question.kind, asked]);
  const found = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => {
      run.current = newRun();
      return ask(question, JSON.parse(asked ?? "{}") as Q, run.current, signal);
    },
    enabled: asked !== undefined && cancelled !== asked,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    // a server that has just started is soon ready
    refetchInterval: ({ state }) => (state.error !== null && asApiError(state.error).code === "engine.not_ready" ? soon : false),
    // a refused question is refused again
    retry: (failures, err) => failures < 1 && asApiError(err).status === 0,
  });
  const { slow, progress } = useProgress(found.isFetching, run);
  const cancel = useCallback(() => {
    setCancelled(asked);
    if (run.current !== undefined) void cancelRun(run.current).catch(() => undefined);
    void client.cancelQueries({ queryKey: key, exact: true });
  }, [client, key, asked]);
  const again = useCallback(() => {
    setCancelled(undefined);
    void client.resetQueries({ queryKey: key, exact: true });
  }, [client, key]);
  const isCancelled = asked !== undefined && cancelled === asked;
  return {
    result: found.data,
    stale: found.isPlaceholderData || now !== rested || isCancelled,
    error: found.isError && !found.isFetching ? asApiError(found.error) : undefined,
    asking: found.isFetching,
    progress,
    slow,
    cancelled: isCancelled,
    cancel,
    again,
  };
}

/** Follows a run while it goes on. A server that does not know it (any more) is about to answer. */
function useProgress(going: boolean, run: { current: string | undefined }) {
  const [slow, setSlow] = useState(false);
  const [progress, setProgress] = useState<RunState>();
  useEffect(() => {
    if (!going) return;
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      setSlow(true);
      const id = run.current;
      try {
        const state = id === undefined ? undefined : await runState(id, gone.signal);
        if (!gone.signal.aborted && state !== undefined && id === run.current) setProgress(state);
      } catch {
        // the question itself says what is wrong
      }
      if (!gone.signal.aborted) timer = setTimeout(() => void look(), follow);
    };
    timer = setTimeout(() => void look(), moment);
    return () => {
      gone.abort();
      clearTimeout(timer);
      setSlow(false);
      setProgress(undefined);
    };
  }, [going, run]);
  return { slow, progress };
}
