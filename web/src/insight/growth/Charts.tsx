import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import type { Axis } from "../../ui/chartOption";
import { useFmt } from "../../ui/format";
import { useOpenPeople } from "../query/NumberLink";
import type { GrowthAnswer, GrowthOf } from "./growth";
import { useNames } from "./words";

/** What came above the line, what went below it. */
export function FlowChart({ answer }: { answer: GrowthAnswer }) {
  const t = useT("growth");
  const fmt = useFmt();
  const names = useNames(answer);
  const open = useOpenPeople<GrowthOf>();
  const spec = useMemo(() => {
    const axes: [Axis] = [{ name: t("axis.people"), exact: fmt.int, short: fmt.compact }];
    const bar = (name: string, of: (p: GrowthAnswer["periods"][number]) => number, colour: number) => ({ name, data: answer.periods.map(of), type: "bar" as const, stack: "flow", colour });
    return {
      x: answer.periods.map(names.short),
      rowNames: answer.periods.map(names.exact),
      axes,
      series: [
        bar(t("col.new"), (p) => p.new, 0),
        bar(t("col.resurrected"), (p) => p.resurrected, 1),
        bar(t("col.went_silent"), (p) => -p.went_silent, 2),
        ...(answer.total.cleaned > 0 ? [bar(t("col.cleaned"), (p) => -p.cleaned, 4)] : []),
      ],
    };
    // names change with the language, as fmt does
  }, [answer, fmt, t]);
  return (
    <Chart
      title={t("flow.title")}
      note={t("flow.note", { days: answer.silent_days })}
      xName={t("col.period")}
      file="growth-flow"
      height={300}
      {...spec}
      onPick={
        open === null
          ? undefined
          : (i) => {
              const p = answer.periods[i];
              if (p) open({ date: p.date, who: "new" }, names.who("new", p));
            }
      }
    />
  );
}

/** How high the water stands: active, silent and lost people, one upon the other. */
export function StockChart({ answer }: { answer: GrowthAnswer }) {
  const t = useT("growth");
  const fmt = useFmt();
  const names = useNames(answer);
  const spec = useMemo(() => {
    const axes: [Axis] = [{ name: t("axis.people"), exact: fmt.int, short: fmt.compact }];
    return {
      x: answer.periods.map(names.short),
      rowNames: answer.periods.map(names.exact),
      axes,
      series: (["active", "silent", "lost"] as const).map((k, i) => ({ name: t(`col.${k}`), data: answer.periods.map((p) => p.stock[k]), stack: "pool", area: true, colour: [0, 3, 5][i] })),
    };
  }, [answer, fmt, t]);
  return <Chart title={t("stock.title")} note={t("stock.note", { silent: answer.silent_days, lost: answer.lost_days })} xName={t("col.period")} file="growth-stock" height={300} {...spec} />;
}

/** How many come in a day, a week, a month, and which share of the month's people comes on a day. */
export function ActiveChart({ answer }: { answer: GrowthAnswer }) {
  const t = useT("growth");
  const fmt = useFmt();
  const names = useNames(answer);
  const spec = useMemo(() => {
    const axes: [Axis, Axis] = [
      { name: t("axis.people"), exact: fmt.int, short: fmt.compact, min: 0 },
      { name: t("col.stickiness"), exact: (n) => fmt.pct(n), short: (n) => fmt.pct(n, 0), min: 0 },
    ];
    return {
      x: answer.periods.map(names.short),
      rowNames: answer.periods.map(names.exact),
      axes,
      series: [
        { name: t("col.dau"), data: answer.periods.map((p) => p.dau), colour: 0 },
        { name: t("col.wau"), data: answer.periods.map((p) => p.wau), colour: 1 },
        { name: t("col.mau"), data: answer.periods.map((p) => p.mau), colour: 3 },
        { name: t("col.stickiness"), data: answer.periods.map((p) => p.stickiness), axis: 1 as const, dashed: true, colour: 2 },
      ],
    };
  }, [answer, fmt, t]);
  return <Chart title={t("active.title")} note={t("active.note")} xName={t("col.period")} file="growth-active" height={280} {...spec} />;
}
