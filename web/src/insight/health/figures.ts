import type { Unit } from "../../api/health";
import { useFmt } from "../../ui/format";

/** Says a metric's value exactly, by its unit. */
export function useFigure(): (v: number, unit: Unit, currency?: string) => string {
  const fmt = useFmt();
  return (v, unit, currency) => (unit === "money" ? fmt.money(Math.round(v), currency) : unit === "share" ? fmt.pct(v, 2) : fmt.int(Math.round(v)));
}

/** A change as a signed share of what was expected; empty without one. */
export function useChange(): (value: number, expected: number) => string {
  const fmt = useFmt();
  return (value, expected) => {
    if (expected <= 0) return "";
    const by = (value - expected) / expected;
    return `${by > 0 ? "+" : "−"}${fmt.pct(Math.abs(by), 0)}`;
  };
}
