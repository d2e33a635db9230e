import { useNavigate } from "@tanstack/react-router";
import { Segmented } from "antd";
import { useMemo, useState } from "react";
import type { Overview, SeriesPoint } from "../../api/types";
import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import { useFmt } from "../../ui/format";
import { bucket, type links } from "./links";

type Metric = Exclude<keyof SeriesPoint, "date">;
const metrics: Metric[] = ["new", "active", "orders", "buyers", "revenue"];

/** One metric over time against the period before. */
export function Trend({ o, to }: { o: Overview; to: ReturnType<typeof links> }) {
  const t = useT("overview");
  const fmt = useFmt();
  const navigate = useNavigate();
  const [metric, setMetric] = useState<Metric>("new");
  const isMoney = metric === "revenue";
  const name = (date: string) => (o.range.grain === "month" ? fmt.month(date) : fmt.day(date));

  const spec = useMemo(() => {
    const value = (p: SeriesPoint | undefined) => (p === undefined ? null : isMoney ? fmt.major(p.revenue, o.currency) : p[metric]);
    const minor = 1 / fmt.major(1, o.currency);
    return {
      x: o.series.map((p) => name(p.date)),
      series: [
        { name: t(`kpi.${metric}`), data: o.series.map(value), area: true, colour: 0 },
        { name: t("trend.previous"), data: o.series.map((_, i) => value(o.previous[i])), dashed: true, colour: 3 },
      ],
      axes: [
        isMoney
          ? { name: t("trend.axis_money", { currency: o.currency }), exact: (n: number) => fmt.money(Math.round(n * minor), o.currency), short: fmt.compact }
          : { name: t(`trend.axis_${metric === "orders" ? "orders" : "people"}`), exact: fmt.int, short: fmt.compact },
      ] as [{ name: string; exact: (n: number) => string; short: (n: number) => string }],
    };
  }, [o, metric, fmt, t]);

  return (
    <div className="card">
      <Chart
        title={t("trend.title")}
        note={metric === "new" ? t("trend.pick") : t(`kpi_help.${metric}`)}
        xName={t("date")}
        rowNames={o.series.map((p) => p.date)}
        file={`overview-${metric}`}
        height={300}
        actions={
          <Segmented
            className="trend-metrics"
            aria-label={t("trend.metric")}
            value={metric}
            onChange={(m) => setMetric(m as Metric)}
            options={metrics.map((m) => ({ value: m, label: t(`kpi.${m}`) }))}
          />
        }
        onPick={
          metric === "new"
            ? (i) => {
                const p = o.series[i];
                if (p) void navigate({ to: to.newIn(...bucket(p.date, o.range.grain, o.range)) });
              }
            : undefined
        }
        {...spec}
      />
    </div>
  );
}
