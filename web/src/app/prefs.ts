import { useSyncExternalStore } from "react";

export type Lang = "zh-CN" | "en";
export type Theme = "system" | "light" | "dark";

/** One preference of this browser, kept in localStorage and watched by components. */
class Pref<T extends string> {
  private readonly key: string;
  private value: T;
  private readonly watchers = new Set<() => void>();

  constructor(key: string, allowed: readonly T[], fallback: T) {
    this.key = `huoshui.${key}`;
    let kept: string | null = null;
    try {
      kept = localStorage.getItem(this.key);
    } catch {
      // storage refused (private mode): the fallback holds for this visit
    }
    this.value = allowed.find((a) => a === kept) ?? fallback;
  }

  get = (): T => this.value;

  set = (value: T): void => {
    this.value = value;
    try {
      localStorage.setItem(this.key, value);
    } catch {
      // as above
    }
    this.watchers.forEach((w) => w());
  };

  watch = (w: () => void): (() => void) => {
    this.watchers.add(w);
    return () => this.watchers.delete(w);
  };
}

export const langPref = new Pref<Lang>("lang", ["zh-CN", "en"], "zh-CN");
export const themePref = new Pref<Theme>("theme", ["system", "light", "dark"], "system");

export const useLang = (): Lang => useSyncExternalStore(langPref.watch, langPref.get);
export const useTheme = (): Theme => useSyncExternalStore(themePref.watch, themePref.get);

const darkQuery = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;

/** Whether the reader asked the system for less motion, as it was when the page was loaded. */
export const isStill = typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Whether the console is dark now: the preference, or the system's where none is set. */
export function useDark(): boolean {
  const theme = useTheme();
  const system = useSyncExternalStore(
    (w) => {
      darkQuery?.addEventListener("change", w);
      return () => darkQuery?.removeEventListener("change", w);
    },
    () => darkQuery?.matches ?? false,
  );
  return theme === "system" ? system : theme === "dark";
}
