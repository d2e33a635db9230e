import { Segmented } from "antd";
import { useMemo } from "react";
import { sensitivities, type Metric, type Sensitivity } from "../../api/health";
import { useT } from "../../app/i18n";
import { useDark } from "../../app/prefs";
import { palette } from "../../app/theme";
import { Figure } from "../../ui/Figure";
import { useFmt } from "../../ui/format";
import { Card, PageHead } from "../../ui/PageHead";
import { CopyQuery } from "../query/CopyQuery";
import { CsvButton } from "../query/CsvButton";
import { NumberLink, useOpenPeople } from "../query/NumberLink";
import { useQuestion } from "../query/useQuestion";
import { useQueryState } from "../query/useQueryState";
import { metricOption } from "./chart";
import { useChange, useFigure } from "./figures";
import { Asked } from "./frame";
import { anomaly, type AnomalyAnswer, type AnomalyOf, type AnomalyQuery, type MetricSeries } from "./health";
import { readSpan } from "./ScoreTab";

const start: AnomalyQuery = { last: 90, sensitivity: "medium" };

const read = (raw: Record<string, unknown>): AnomalyQuery => ({ ...readSpan(raw), sensitivity: sensitivities.find((s) => s === raw.sensitivity) ?? "medium" });

/** What was unusual in the key figures. */
export function AnomaliesTab() {
  const t = useT("health");
  const { query, set } = useQueryState("anomaly", start, read);
  const asking = useQuestion(anomaly, query);
  const answer = asking.result?.answer;
  const found = answer?.series.flatMap((s) => s.anomalies) ?? [];
  return (
    <>
      <PageHead
        title={t("tab.anomalies")}
        answer={answer && !asking.stale && (found.length === 0 ? t("anomaly.none") : t("anomaly.said", { n: found.length, metrics: new Set(found.map((a) => a.metric)).size }))}
        actions={
          <>
            <CsvButton question={anomaly} query={query} />
            <CopyQuery kind="anomaly" query={query} />
          </>
        }
      />
      <Asked
        question={anomaly}
        query={query}
        set={set}
        asking={asking}
        empty={(r) => r.answer.series.every((s) => s.points.every((p) => p.value === null))}
        bar={<Segmented<Sensitivity> value={query.sensitivity ?? "medium"} aria-label={t("sensitivity.label")} options={sensitivities.map((s) => ({ value: s, label: t(`sensitivity.${s}`) }))} onChange={(sensitivity) => set({ ...query, sensitivity })} />}
      >
        {(result) => <AnomalyView result={result} />}
      </Asked>
      <p className="muted health-how">{t("anomaly.how", { limit: answer?.limit ?? 4 })}</p>
    </>
  );
}

function AnomalyView({ result }: { result: { answer: AnomalyAnswer } }) {
  return (
    <>
      <Found series={result.answer.series} />
      <div className="grid">
        {result.answer.series.map((s) => (
          <div className="half" key={s.metric}>
            <MetricChart s={s} />
          </div>
        ))}
      </div>
    </>
  );
}

/** The anomalies themselves, the newest first. */
function Found({ series }: { series: MetricSeries[] }) {
  const t = useT("health");
  const fmt = useFmt();
  const figure = useFigure();
  const change = useChange();
  const all = series.flatMap((s) => s.anomalies.map((a) => ({ ...a, unit: s.unit, people: s.people }))).sort((a, b) => b.to.localeCompare(a.to) || Math.abs(b.z) - Math.abs(a.z));
  if (all.length === 0) return null;
  return (
    <Card title={t("anomaly.list")}>
      <div className="chart-table">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("date")}</th>
              <th scope="col">{t("anomaly.metric")}</th>
              <th scope="col" className="num">{t("anomaly.value")}</th>
              <th scope="col" className="num">{t("anomaly.expected")}</th>
              <th scope="col" className="num">{t("anomaly.change")}</th>
              <th scope="col" className="num">z</th>
              <th scope="col" />
            </tr>
          </thead>
          <tbody>
            {all.map((a) => (
              <tr key={`${a.metric}${a.from}`}>
                <td>{a.from === a.to ? fmt.day(a.from) : `${fmt.day(a.from)} – ${fmt.day(a.to)}`}</td>
                <td>
                  <span className={`pill ${a.up ? "lake" : "act"}`}>{t(a.up ? "anomaly.up" : "anomaly.down")}</span> {t(`metric.${a.metric}`)}
                </td>
                <td className="num">{figure(a.value, a.unit)}</td>
                <td className="num">{figure(a.expected, a.unit)}</td>
                <td className="num">{change(a.value, a.expected)}</td>
                <td className="num">{a.z.toFixed(1)}</td>
                <td className="num">
                  {a.people && (
                    <NumberLink<AnomalyOf> n={1} of={{ metric: a.metric as AnomalyOf["metric"], date: a.peak }} title={t("anomaly.people", { metric: t(`metric.${a.metric}`), day: fmt.day(a.peak) })}>
                      {t("anomaly.who")}
                    </NumberLink>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** One metric by day; a click on a day opens its people. */
function MetricChart({ s }: { s: MetricSeries }) {
  const t = useT("health");
  const fmt = useFmt();
  const figure = useFigure();
  const isDark = useDark();
  const open = useOpenPeople<AnomalyOf>();
  const name = t(`metric.${s.metric}`);
  const option = useMemo(() => {
    const short = (n: number) => (s.unit === "money" ? fmt.moneyCompact(n) : s.unit === "share" ? fmt.pct(n) : fmt.compact(n));
    const words = { value: t("anomaly.value"), expected: t("anomaly.expected"), usual: t("anomaly.usual"), unusual: t("anomaly.unusual"), today: t("anomaly.today") };
    return metricOption(s, s.points.map((p) => fmt.day(p.date)), (n) => figure(n, s.unit), short, words, palette(isDark));
    // figure says the same as long as fmt does
  }, [s, fmt, isDark, t]);
  const say = (v: number | null) => (v === null ? "" : figure(v, s.unit));
  return (
    <Figure
      title={name}
      note={s.needs > 0 ? t("anomaly.short", { n: s.needs }) : s.anomalies.length > 0 ? t("anomaly.count", { n: s.anomalies.length }) : t("anomaly.calm")}
      file={`anomaly-${s.metric}`}
      height={200}
      option={option}
      head={[t("date"), t("anomaly.value"), t("anomaly.expected"), t("anomaly.low"), t("anomaly.high"), "z", t("anomaly.unusual")]}
      rows={s.points.map((p) => [p.date, p.value, p.expected, p.low, p.high, p.z, p.unusual ? "×" : ""])}
      shown={(cell, column) => (column >= 1 && column <= 4 ? say(cell as number | null) : typeof cell === "number" ? cell.toFixed(1) : (cell ?? ""))}
      onPoint={(chart, x, y) => {
        if (!s.people || open === null || !chart.containPixel({ gridIndex: 0 }, [x, y])) return;
        const [i] = chart.convertFromPixel({ gridIndex: 0 }, [x, y]) as number[];
        const p = s.points[Math.round(i ?? -1)];
        if (p?.value) open({ metric: s.metric as Exclude<Metric, "rejected">, date: p.date }, t("anomaly.people", { metric: name, day: fmt.day(p.date) }));
      }}
    />
  );
}
