import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import type { Axis } from "../../ui/chartOption";
import { useFmt } from "../../ui/format";
import { useOpenPeople } from "../query/NumberLink";
import type { LtvAnswer, LtvOf } from "./ltv";

const often = (k: number) => (k === 7 ? "7+" : String(k));

/** What the model said at the cutoff, and what came. */
export function CheckCard({ answer }: { answer: LtvAnswer }) {
  const t = useT("ltv");
  const fmt = useFmt();
  const open = useOpenPeople<LtvOf>();
  const c = answer.check;
  const specs = useMemo(() => {
    if (!c) return undefined;
    const each: [Axis] = [{ name: t("check.each"), exact: (n) => n.toFixed(2), short: (n) => n.toFixed(1), min: 0 }];
    const sum: [Axis] = [{ name: t("check.sum"), exact: (n) => fmt.int(Math.round(n)), short: (n) => fmt.compact(n), min: 0 }];
    return {
      often: {
        x: c.frequencies.map((f) => often(f.repeats)),
        axes: each,
        series: [
          { name: t("check.actual"), type: "bar" as const, data: c.frequencies.map((f) => (f.people ? f.actual : null)), colour: 0 },
          { name: t("check.expected"), type: "bar" as const, data: c.frequencies.map((f) => (f.people ? f.expected : null)), colour: 2 },
        ],
      },
      weeks: {
        x: c.weeks.map((w) => fmt.day(w.day)),
        rowNames: c.weeks.map((w) => w.day),
        axes: sum,
        series: [
          { name: t("check.actual"), data: c.weeks.map((w) => w.actual), colour: 0 },
          { name: t("check.expected"), data: c.weeks.map((w) => w.expected), dashed: true, colour: 2 },
        ],
      },
    };
  }, [c, fmt, t]);
  if (!c || !specs) return null;
  const note = t(c.error === null ? "check.note_none" : "check.note", {
    cutoff: fmt.longDay(c.cutoff),
    days: c.days,
    expected: fmt.int(Math.round(c.expected)),
    actual: fmt.int(Math.round(c.actual)),
    error: c.error === null ? "" : fmt.pct(c.error),
  });
  return (
    <div className="ltv-two">
      <div className="card">
        <Chart title={t("check.weeks")} note={note} xName={t("check.day")} file="ltv-check-weeks" {...specs.weeks} />
      </div>
      <div className="card">
        <Chart
          title={t("check.often")}
          note={t("check.often_note")}
          xName={t("check.repeats")}
          file="ltv-check-frequency"
          {...specs.often}
          onPick={open === null ? undefined : (i) => open({ who: "frequency", repeats: i, checked: true }, t("check.who", { n: often(i) }))}
        />
      </div>
    </div>
  );
}
