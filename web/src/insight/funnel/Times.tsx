import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import type { Axis } from "../../ui/chartOption";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { Stat } from "../../ui/Stat";
import type { FunnelAnswer } from "./funnel";
import { useSpan } from "./words";

/** How long the way from the first step to the last took those who went it. */
export function Times({ answer: { times } }: { answer: FunnelAnswer }) {
  const t = useT("funnel");
  const fmt = useFmt();
  const span = useSpan();
  const spec = useMemo(() => {
    const axes: [Axis] = [{ name: t("axis.people"), exact: fmt.int, short: fmt.compact, min: 0 }];
    return {
      x: times.bins.map((b) => t("took.bin", { from: fmt.span(b.from_s), to: fmt.span(b.to_s) })),
      axes,
      series: [{ name: t("axis.people"), data: times.bins.map((b) => b.people), type: "bar" as const, colour: 0 }],
    };
  }, [times, fmt, t]);
  if (times.people === 0) return <Card title={t("took.title")}>{t("took.nobody")}</Card>;
  return (
    <div className="card stack">
      <Chart title={t("took.title")} note={t("took.note", { n: fmt.int(times.people) })} xName={t("took.x")} file="funnel-times" height={280} {...spec} />
      <div className="funnel-times">
        <Stat label={t("took.median")} value={span(times.median_s)} />
        <Stat label={t("took.half")} value={t("took.range", { from: span(times.p25_s), to: span(times.p75_s) })} help={t("took.half_help")} />
        <Stat label={t("took.p90")} value={span(times.p90_s)} help={t("took.p90_help")} />
      </div>
    </div>
  );
}
