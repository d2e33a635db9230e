import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useState } from "react";
import { api, apiBase, call } from "../../api/client";
import type { IntakeStats, PoolEvent } from "../../api/types";
import { statsQuery } from "../statsQuery";
import { emptyBuffer, pause, take, type Buffer } from "./buffer";

type Step = { events: PoolEvent[] } | { paused: boolean };

const step = (b: Buffer, s: Step): Buffer => ("events" in s ? take(b, s.events) : pause(b, s.paused));

export type Link = "connecting" | "stream" | "polling";

const patience = 8_000;

/** Events as they arrive, by server-sent events; where a proxy holds those back, by asking every two seconds. */
export function useLive() {
  const client = useQueryClient();
  const [buffer, dispatch] = useReducer(step, emptyBuffer);
  const [link, setLink] = useState<Link>("connecting");

  useEffect(() => {
    let gathered: PoolEvent[] = [];
    let heard = false;
    let asking: ReturnType<typeof setInterval> | undefined;
    const ask = async () => {
      try {
        dispatch({ events: (await call(api.GET("/intake/live", { params: { query: { limit: 100 } } }))).items });
      } catch {
        // the next round tries again
      }
    };
    const poll = () => {
      if (heard || asking !== undefined) return;
      setLink("polling");
      asking = setInterval(() => void ask(), 2_000);
    };
    const hear = () => {
      heard = true;
      clearInterval(asking);
      asking = undefined;
      setLink("stream");
    };

    void ask();
    const source = new EventSource(`${apiBase}/intake/stream`);
    source.addEventListener("event", (e) => {
      if (!heard) hear();
      gathered.push(JSON.parse((e as MessageEvent<string>).data) as PoolEvent);
    });
    source.addEventListener("stats", (e) => {
      if (!heard) hear();
      client.setQueryData(statsQuery.queryKey, JSON.parse((e as MessageEvent<string>).data) as IntakeStats);
    });
    source.onerror = () => {
      heard = false;
      if (source.readyState === EventSource.CLOSED) poll();
    };
    const impatient = setTimeout(poll, patience);
    // a thousand events a second must not be a thousand drawings
    const flush = setInterval(() => {
      if (gathered.length === 0) return;
      dispatch({ events: gathered });
      gathered = [];
    }, 400);

    return () => {
      source.close();
      clearTimeout(impatient);
      clearInterval(flush);
      clearInterval(asking);
    };
  }, [client]);

  const setPaused = useCallback((paused: boolean) => dispatch({ paused }), []);
  return { ...buffer, setPaused, link };
}
