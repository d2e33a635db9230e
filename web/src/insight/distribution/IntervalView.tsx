import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { useGroupName } from "../query/BreakdownField";
import { NumberLink, useOpenPeople } from "../query/NumberLink";
import type { Result } from "../query/wire";
import { CountsTable, SpreadTable } from "./tables";
import type { IntervalAnswer, IntervalOf, IntervalQuery } from "./wire";
import { useBinName } from "./words";
import "./distribution.css";

/** How long it takes from one event to the next. */
export function IntervalView({ query, result }: { query: IntervalQuery; result: Result<IntervalAnswer> }) {
  const { answer } = result;
  const t = useT("distribution");
  const fmt = useFmt();
  const bin = useBinName();
  const group = useGroupName(query.breakdown);
  const open = useOpenPeople<IntervalOf>();
  const names = answer.parts.map((p) => (p.group ? group(p.group) : t("counted.intervals")));
  const bars = answer.bins.map((b, i) => ({ name: bin(b, "seconds"), of: { ...(b.from !== null && { from: b.from }), ...(b.to !== null && { to: b.to }) } as IntervalOf, n: answer.parts.map((p) => p.counts[i] ?? 0) }));
  return (
    <>
      <div className="card">
        <Chart
          title={t("chart.interval")}
          note={t("chart.interval_note")}
          xName={t("x.interval")}
          file="intervals"
          height={320}
          x={bars.map((b) => b.name)}
          series={names.map((name, i) => ({ name, data: bars.map((b) => b.n[i] ?? 0), type: "bar" as const }))}
          axes={[{ name: t("counted.intervals"), exact: fmt.int, short: fmt.compact, min: 0 }]}
          onPick={open && answer.parts.length === 1 ? (i) => bars[i] && (bars[i].n[0] ?? 0) > 0 && open(bars[i].of, bars[i].name) : undefined}
        />
      </div>
      <SpreadTable rows={answer.parts.map((p, i) => ({ name: p.group ? (names[i] ?? "") : t("all"), spread: p.spread }))} unit="seconds" counted={t("counted.intervals")} />
      <Card title={t("waiting.title")} note={t("waiting.note")}>
        <div className="dist-table" tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t("col.group")}</th>
                <th scope="col" className="num">{t("col.went")}</th>
                <th scope="col" className="num">{t("col.waiting")}</th>
              </tr>
            </thead>
            <tbody>
              {answer.parts.map((p, i) => (
                <tr key={i}>
                  <th scope="row">{p.group ? names[i] : t("all")}</th>
                  <td className="num">
                    <NumberLink<IntervalOf> n={p.people} of={p.group ? { group: p.group } : {}} title={t("col.went")} />
                  </td>
                  <td className="num">
                    <NumberLink<IntervalOf> n={p.waiting} of={{ waiting: true, ...(p.group && { group: p.group }) }} title={t("col.waiting")} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
      <CountsTable<IntervalOf> title={t("counts.title")} head={t("x.interval")} names={names} rows={bars.map((b) => ({ name: b.name, counts: answer.parts.map((p, i) => ({ n: b.n[i] ?? 0, of: { ...b.of, ...(p.group && { group: p.group }) } })) }))} />
    </>
  );
}
