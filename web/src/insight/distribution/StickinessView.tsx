import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { NumberLink } from "../query/NumberLink";
import type { Result } from "../query/wire";
import type { StickinessAnswer, StickinessOf, StickinessQuery } from "./wire";
import { useSay } from "./words";
import "./distribution.css";

/** On how many days people come, all whole periods together and period by period. */
export function StickinessView({ result }: { query: StickinessQuery; result: Result<StickinessAnswer> }) {
  const { answer } = result;
  const t = useT("distribution");
  const fmt = useFmt();
  const say = useSay();
  const days = Array.from({ length: answer.days }, (_, i) => i + 1);
  const all = answer.counts.reduce((a, b) => a + b, 0);
  const period = (at: string, long?: boolean) => (answer.grain === "month" ? fmt.month(at) : long ? t("week_of", { day: fmt.longDay(at) }) : fmt.day(at));
  const mark = (p: { open?: boolean; cut?: boolean }) => (p.open ? t("open_mark") : p.cut ? t("cut_mark") : "");
  return (
    <>
      <div className="card">
        <Chart
          title={t("chart.stickiness", { grain: t(`grain.${answer.grain}`) })}
          note={t("chart.stickiness_note")}
          xName={t("x.days")}
          file="stickiness"
          height={280}
          x={days.map((d) => t("days", { n: d }))}
          series={[{ name: t("share"), data: answer.counts.map((n) => (all === 0 ? null : n / all)), type: "bar" }]}
          axes={[{ name: t("share"), exact: (n) => fmt.pct(n), short: (n) => fmt.pct(n, 0), min: 0 }]}
        />
      </div>
      <div className="card">
        <Chart
          title={t("chart.rate")}
          note={t("chart.rate_note")}
          xName={t("col.period")}
          file="stickiness-over-time"
          height={240}
          x={answer.periods.map((p) => period(p.at))}
          rowNames={answer.periods.map((p) => period(p.at, true) + mark(p))}
          series={[
            { name: t("col.rate"), data: answer.periods.map((p) => p.rate) },
            { name: t("col.people"), data: answer.periods.map((p) => p.people), type: "bar", axis: 1, colour: 4 },
          ]}
          axes={[
            { name: t("col.rate"), exact: (n) => fmt.pct(n), short: (n) => fmt.pct(n, 0), min: 0 },
            { name: t("col.people"), exact: fmt.int, short: fmt.compact, min: 0 },
          ]}
        />
      </div>
      <Card title={t("periods.title")} note={t("counts.note")}>
        <div className="dist-table" tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t("col.period")}</th>
                <th scope="col" className="num">{t("col.people")}</th>
                <th scope="col" className="num">{t("col.mean")}</th>
                <th scope="col" className="num">{t("col.rate")}</th>
                {days.map((d) => (
                  <th scope="col" className="num" key={d}>
                    {t("days", { n: d })}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {answer.periods.map((p) => (
                <tr key={p.at}>
                  <th scope="row">
                    {period(p.at, true)}
                    <small className="muted">{mark(p)}</small>
                  </th>
                  <td className="num">
                    <NumberLink<StickinessOf> n={p.people} of={{ at: p.at }} title={period(p.at, true)} />
                  </td>
                  <td className="num">{say(p.mean, "number")}</td>
                  <td className="num">{p.rate === null ? "—" : fmt.pct(p.rate)}</td>
                  {p.counts.map((n, i) => (
                    <td className="num" key={i}>
                      <NumberLink<StickinessOf> n={n} of={{ at: p.at, days: i + 1 }} title={t("who.days", { period: period(p.at, true), n: i + 1 })} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </>
  );
}
