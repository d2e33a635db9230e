import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { useGroupName } from "../query/BreakdownField";
import { useStepName } from "../query/StepsField";
import { ofValues, revenue, type Grain, type Line, type Measure, type TrendQuery, type Unit } from "./trend";

/** A property in words: the amount has a name of its own. */
export function usePropertyName(): (name: string) => string {
  const t = useT("trend");
  return (name) => (name === revenue ? t("revenue") : name);
}

/** What a measure says: 人数, 金额的平均值. */
export function useMeasureName(): (m: Measure, of?: string) => string {
  const t = useT("trend");
  const property = usePropertyName();
  return (m, of) => (ofValues(m) && of !== undefined ? t("measure_of", { of: property(of), measure: t(`measure.${m}`) }) : t(`measure.${m}`));
}

/** What each line of an answer is called. */
export function useLineNames(query: TrendQuery, lines: Line[]): string[] {
  const t = useT("trend");
  const step = useStepName();
  const measure = useMeasureName();
  const group = useGroupName(query.breakdown);
  const single = new Set(lines.map((l) => l.key)).size === 1;
  return lines.map((l) => {
    const series = l.key.length === 1 ? query.series[l.key.charCodeAt(0) - 65] : undefined;
    const formula = l.key.length > 1 ? query.formulas?.[Number(l.key.slice(1)) - 1] : undefined;
    const name = series ? series.title || t("line", { step: step(series), measure: measure(series.measure ?? "count", series.of) }) : formula?.title || formula?.text || l.key;
    if (l.group === undefined) return name;
    return single ? group(l.group) : `${name} · ${group(l.group)}`;
  });
}

/** A value in full, by its unit; a dash where nothing can be said. */
export function useSay(currency: string): (v: number | null | undefined, unit: Unit) => string {
  const fmt = useFmt();
  return (v, unit) => {
    if (v === null || v === undefined) return "—";
    if (unit === "money") return fmt.money(Math.round(v), currency);
    if (unit === "share") return fmt.pct(v);
    return Number.isInteger(v) ? fmt.int(v) : v.toLocaleString(undefined, { maximumFractionDigits: Math.abs(v) < 1 ? 4 : 2 });
  };
}

/** What a point is called, short for the axis. */
export function usePointName(grain: Grain): (at: string, long?: boolean) => string {
  const t = useT("trend");
  const fmt = useFmt();
  return (at, long) => {
    if (at === "") return "—";
    const day = long ? fmt.longDay(at.slice(0, 10)) : fmt.day(at.slice(0, 10));
    if (grain === "hour") return `${day} ${at.slice(11, 16)}`;
    if (grain === "month") return fmt.month(at);
    return grain === "week" && long ? t("week_of", { day }) : day;
  };
}
