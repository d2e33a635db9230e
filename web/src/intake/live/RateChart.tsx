import { useMemo } from "react";
import type { IntakeStats } from "../../api/types";
import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import { useFmt } from "../../ui/format";

/** Events a minute over the last hour. */
export function RateChart({ stats }: { stats: IntakeStats }) {
  const t = useT("live");
  const fmt = useFmt();
  const { per_minute: minutes } = stats;
  const x = useMemo(() => minutes.map((m) => fmt.clock(m.at).slice(0, 5)), [minutes, fmt]);
  const series = useMemo(
    () => [
      { name: t("chart.accepted"), data: minutes.map((m) => m.accepted), type: "bar" as const, stack: "all", colour: 0 },
      { name: t("chart.rejected"), data: minutes.map((m) => m.rejected), type: "bar" as const, stack: "all", colour: 2 },
    ],
    [minutes, t],
  );
  return (
    <div className="card">
      <Chart
        title={t("chart.title")}
        xName={t("chart.minute")}
        file="intake"
        height={200}
        x={x}
        series={series}
        axes={[{ name: t("chart.axis"), exact: fmt.int, short: fmt.compact }]}
      />
    </div>
  );
}
