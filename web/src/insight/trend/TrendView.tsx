import { Segmented } from "antd";
import { useMemo, useState } from "react";
import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import type { Axis } from "../../ui/chartOption";
import { useFmt } from "../../ui/format";
import { useOpenPeople } from "../query/NumberLink";
import type { Result } from "../query/wire";
import { addUp, drawn, scaleOf, scalesOf, type Scale, type Shown } from "./lines";
import { LinesTable } from "./LinesTable";
import type { Line, TrendAnswer, TrendOf, TrendQuery } from "./trend";
import { useLineNames, usePointName, useSay } from "./words";
import "./trend.css";

/** A trend's answer: its lines over time and their totals. On its page, and on boards. */
export function TrendView({ query, result }: { query: TrendQuery; result: Result<TrendAnswer> }) {
  const { answer } = result;
  const scales = scalesOf(answer.lines);
  // two scales share a chart, the third has one of its own
  const charts = [scales.slice(0, 2), scales.slice(2)].filter((s) => s.length > 0);
  return (
    <>
      {charts.map((s) => (
        <LinesChart key={s.join()} query={query} answer={answer} scales={s} />
      ))}
      <LinesTable query={query} answer={answer} />
    </>
  );
}

function LinesChart({ query, answer, scales }: { query: TrendQuery; answer: TrendAnswer; scales: Scale[] }) {
  const t = useT("trend");
  const fmt = useFmt();
  const say = useSay(answer.currency);
  const point = usePointName(answer.grain);
  const open = useOpenPeople<TrendOf>();
  const names = useLineNames(query, answer.lines);
  const [shown, setShown] = useState<Shown>("values");
  const [as, setAs] = useState<"line" | "bar">("line");
  // names and words are the same as long as the answer, the query and the language are: the chart is drawn anew for those only
  const said = names.join("\n");
  const scaleKey = scales.join();
  const lines = useMemo(() => answer.lines.map((l, i) => ({ l, name: names[i] ?? l.key, colour: i })).filter(({ l }) => scales.includes(scaleOf(l.unit))), [answer, said, scaleKey]);
  const running = lines.some(({ l }) => l.running);
  const what = running ? shown : "values";

  const spec = useMemo(() => {
    const stack = as === "bar" && what === "values" && addUp(lines.map(({ l }) => l)) ? "all" : undefined;
    const axis = (scale: Scale): Axis => {
      const units = [...new Set(lines.filter(({ l }) => scaleOf(l.unit) === scale).map(({ l }) => l.unit))];
      const unit = units.length === 1 ? (units[0] ?? "number") : scale;
      return {
        name: t(`unit.${unit}`, { currency: answer.currency }),
        exact: (n) => say(n, scale),
        short: (n) => (scale === "money" ? fmt.compact(fmt.major(n, answer.currency)) : scale === "share" ? fmt.pct(n, 0) : fmt.compact(n)),
      };
    };
    const [first = "number", second] = scales;
    const series = lines.flatMap(({ l, name, colour }) => {
      const side = (scales.indexOf(scaleOf(l.unit)) === 1 ? 1 : 0) as 0 | 1;
      return [
        { name, data: drawn(l, what), type: as, stack, axis: side, colour },
        ...(l.former ? [{ name: t("former_of", { name }), data: drawn(l.former, what), type: "line" as const, axis: side, colour, dashed: true }] : []),
      ];
    });
    return {
      series,
      axes: (second === undefined ? [axis(first)] : [axis(first), axis(second)]) as [Axis] | [Axis, Axis],
      x: answer.points.map((p) => point(p.at)),
      rowNames: answer.points.map((p) => point(p.at, true) + (p.open ? t("open_mark") : p.cut ? t("cut_mark") : "")),
    };
  }, [lines, what, as, answer, scaleKey, fmt, t]);
  const pick = (at: number) => {
    const hit = lines.find(({ l }) => l.key.length === 1 && (l.values[at] ?? 0) !== 0);
    const p = answer.points[at];
    if (open && hit && p) open({ key: hit.l.key, at: p.at, ...(hit.l.group && { group: hit.l.group }) }, t("who", { name: hit.name, at: point(p.at, true) }));
  };
  return (
    <div className="card">
      <Chart
        title={t(`chart.${what}`)}
        note={noteOf(query, answer, t, point)}
        xName={t("col.time")}
        file="trend"
        height={340}
        {...spec}
        onPick={open && lines.length === 1 ? pick : undefined}
        actions={
          <>
            {running && <Segmented<Shown> size="small" value={shown} onChange={setShown} aria-label={t("chart.shown")} options={(["values", "running"] as const).map((v) => ({ value: v, label: t(`shown.${v}`) }))} />}
            <Segmented size="small" value={as} onChange={(v) => setAs(v)} aria-label={t("chart.shape")} options={(["line", "bar"] as const).map((v) => ({ value: v, label: t(`shape.${v}`) }))} />
          </>
        }
      />
    </div>
  );
}

/** What has to be known to read the chart right. */
function noteOf(query: TrendQuery, answer: TrendAnswer, t: ReturnType<typeof useT>, point: (at: string, long?: boolean) => string): string {
  const open = answer.points.find((p) => p.open);
  return [
    ...(query.smooth ? [t("note.smooth", { n: query.smooth })] : []),
    ...(answer.former ? [t("note.former", { from: answer.former.from, to: answer.former.to })] : []),
    ...(open ? [t("note.open", { at: point(open.at) })] : []),
    ...(answer.lines.some((l: Line) => l.group?.rest) ? [t("note.rest")] : []),
  ].join(t("note.join"));
}
