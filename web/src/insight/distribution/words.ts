import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import type { Bin, Unit } from "./wire";

/** A figure in full, by its unit; a dash where there is none. */
export function useSay(currency?: string): (v: number | null | undefined, unit: Unit) => string {
  const t = useT("distribution");
  const fmt = useFmt();
  return (v, unit) => {
    if (v === null || v === undefined) return "—";
    if (unit === "money") return fmt.money(Math.round(v), currency || undefined);
    if (unit === "seconds") return v < 1 && v > 0 ? t("under_second") : fmt.span(v);
    const n = Number.isInteger(v) ? fmt.int(v) : v.toLocaleString(undefined, { maximumFractionDigits: Math.abs(v) < 1 ? 4 : 2 });
    return unit === "days" ? t("days", { n }) : n;
  };
}

/** What a bin is called: 1, 11–20, 50 and more; ¥10 up to ¥20. */
export function useBinName(currency?: string): (b: Bin, unit: Unit) => string {
  const t = useT("distribution");
  const say = useSay(currency);
  return ({ from, to }, unit) => {
    if (unit === "times" || unit === "days") {
      const [first, last] = wholeBin(from, to);
      if (last === undefined) return t("bin.from", { from: say(first, "number") });
      return first === last ? say(first, "number") : `${say(first, "number")}–${say(last, "number")}`;
    }
    if (from === null && to === null) return t("bin.all");
    if (from === null) return t("bin.below", { to: say(to, unit) });
    if (to === null) return t("bin.from", { from: say(from, unit) });
    return t("bin.between", { from: say(from, unit), to: say(to, unit) });
  };
}

/** The first and last whole number of a bin of counts, which begin at 1. */
export function wholeBin(from: number | null, to: number | null): [number, number | undefined] {
  const first = Math.max(1, from === null ? 1 : Math.ceil(from));
  return [first, to === null ? undefined : Math.max(first, Math.ceil(to) - 1)];
}
