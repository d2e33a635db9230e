import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import type { Axis } from "../../ui/chartOption";
import { useFmt } from "../../ui/format";
import { average, cells, type Cohort } from "./triangle";

/** The average curve and those of the chosen cohorts. Month 0 is everyone and says nothing, so curves start at month 1. */
export function Curves({ cohorts, thisMonth, shown }: { cohorts: Cohort[]; thisMonth: string; shown: string[] }) {
  const t = useT("retention");
  const fmt = useFmt();
  const spec = useMemo(() => {
    const all = average(cohorts, thisMonth).slice(1);
    const avg = all.slice(0, all.findLastIndex((r) => r !== null) + 1);
    const chosen = cohorts.filter((c) => shown.includes(c.cohort));
    const axes: [Axis] = [{ name: t("curves.axis"), exact: (n) => fmt.pct(n), short: (n) => fmt.pct(n, 0), min: 0 }];
    return {
      x: avg.map((_, i) => t("triangle.month", { k: i + 1 })),
      axes,
      series: [
        { name: t("curves.average"), data: avg, area: true, colour: 0 },
        ...chosen.map((c, i) => ({
          name: fmt.month(c.cohort),
          data: cells(c, thisMonth).slice(1, avg.length + 1).map((x) => (x.open ? null : x.rate)),
          colour: i + 1,
        })),
      ],
    };
  }, [cohorts, thisMonth, shown, fmt, t]);
  if (spec.x.length === 0) return null;
  return (
    <div className="card">
      <Chart title={t("curves.title")} note={t("curves.note")} xName={t("curves.x")} file="retention-curves" height={320} {...spec} />
    </div>
  );
}
