import dayjs from "dayjs";
import { useMemo, type ReactNode } from "react";
import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import type { Axis } from "../../ui/chartOption";
import { useFmt } from "../../ui/format";
import { useOpenPeople } from "../query/NumberLink";
import type { FunnelAnswer, FunnelOf, FunnelQuery } from "./funnel";
import { useStepNames, useWho } from "./words";

/** Of those who began on a day, in a week or month: how many went all the way. */
export function OverTime({ query, answer, actions }: { query: FunnelQuery; answer: FunnelAnswer; actions?: ReactNode }) {
  const t = useT("funnel");
  const fmt = useFmt();
  const names = useStepNames(query);
  const who = useWho(names);
  const open = useOpenPeople<FunnelOf>();
  const { over_time: points, grain } = answer;
  const spec = useMemo(() => {
    const said = (date: string) => (grain === "month" ? fmt.month(date) : fmt.day(date));
    const axes: [Axis, Axis] = [
      { name: t("time.rate"), exact: (n) => fmt.pct(n), short: (n) => fmt.pct(n, 0), min: 0 },
      { name: t("time.began"), exact: fmt.int, short: fmt.compact, min: 0 },
    ];
    return {
      x: points.map((p) => said(p.date)),
      rowNames: points.map((p) => (grain === "week" ? t("time.week", { from: fmt.longDay(p.date), to: fmt.longDay(dayjs(p.date).add(6, "day").format("YYYY-MM-DD")) }) : grain === "month" ? fmt.month(p.date) : fmt.longDay(p.date))),
      axes,
      series: [
        // those who began lately may still convert: their part of the curve is dashed, and meets the rest
        { name: t("time.rate"), data: points.map((p) => (p.open ? null : p.rate)), colour: 0 },
        ...(points.some((p) => p.open) ? [{ name: t("time.open"), data: points.map((p, i) => (p.open || points[i + 1]?.open ? p.rate : null)), dashed: true, colour: 0 }] : []),
        { name: t("time.began"), data: points.map((p) => p.people), type: "bar" as const, axis: 1 as const, colour: 3 },
        { name: t("time.converted"), data: points.map((p) => p.converted), type: "bar" as const, axis: 1 as const, colour: 1 },
      ],
    };
  }, [points, grain, fmt, t]);
  const last = names.length;
  return (
    <div className="card">
      <Chart
        title={t("time.title")}
        note={t("time.note")}
        xName={t("time.x")}
        file="funnel-over-time"
        height={300}
        actions={actions}
        {...spec}
        onPick={
          open === null
            ? undefined
            : (i) => {
                const p = points[i];
                if (p !== undefined && p.converted > 0) open({ step: last, who: "reached", date: p.date }, t("who.on", { day: spec.rowNames[i], said: who(last, "reached") }));
              }
        }
      />
    </div>
  );
}
