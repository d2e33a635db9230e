import { Tooltip } from "antd";
import { useSyncExternalStore } from "react";
import { useFmt } from "./format";

let now = Date.now();
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

// one clock for the page: a list of a hundred rows ticks with one timer
function watch(w: () => void): () => void {
  watchers.add(w);
  now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    watchers.forEach((each) => each());
  }, 10_000);
  return () => {
    watchers.delete(w);
    if (watchers.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time, moving on every ten seconds. */
export const useNow = (): number => useSyncExternalStore(watch, () => now);

/** Relative time, the exact one on hover; a dash for never. */
export function Ago({ at }: { at: string | null | undefined }) {
  const fmt = useFmt();
  const current = useNow();
  if (!at) return <span className="muted">—</span>;
  return (
    <Tooltip title={fmt.time(at)}>
      <time dateTime={at}>{fmt.ago(at, Math.max(current, Date.now()))}</time>
    </Tooltip>
  );
}
