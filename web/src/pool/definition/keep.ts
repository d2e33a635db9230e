import { useEffect, useState } from "react";
import { useDebounced } from "../../ui/hooks";

const place = (name: string) => `huoshui.draft.${name}`;

export function readDraft<T extends object>(name: string): Partial<T> | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(place(name)) ?? "null");
    return typeof kept === "object" && kept !== null ? (kept as Partial<T>) : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps what is being written in this tab, so that leaving the page or a reload loses nothing. */
export function useKept<T extends object>(name: string, value: T, changed: boolean): { drop: () => void } {
  const rested = useDebounced(JSON.stringify(value), 300);
  const [dropped, setDropped] = useState(false);
  useEffect(() => {
    try {
      if (changed && !dropped) sessionStorage.setItem(place(name), rested);
    } catch {
      // storage refused: the draft lives as long as the page
    }
  }, [name, rested, changed, dropped]);
  return {
    drop: () => {
      setDropped(true);
      try {
        sessionStorage.removeItem(place(name));
      } catch {
        // nothing was kept
      }
    },
  };
}
