import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import type { Result } from "../query/wire";
import { tenth, type HealthAnswer, type HealthQuery } from "./health";
import { PartsTable } from "./PartsTable";
import { Ring } from "./Ring";

/** The score with its parts and its history; on the page and on boards. */
export function HealthView({ result }: { query: HealthQuery; result: Result<HealthAnswer> }) {
  const t = useT("health");
  const fmt = useFmt();
  const { answer } = result;
  const days = answer.history;
  const points = { name: t("points_axis"), exact: (n: number) => t("points", { n: tenth(n) }), short: (n: number) => fmt.int(n), min: 0, max: 100 };
  return (
    <>
      <div className="grid">
        <Card className="third health-score">
          <Ring score={answer.score} level={answer.level} />
          <p className="muted">{answer.day ? t("day", { day: fmt.longDay(answer.day) }) : t("day_none")}</p>
        </Card>
        <div className="two-thirds">
          <Chart
            title={t("history.title")}
            note={t("history.note")}
            file="health"
            xName={t("date")}
            x={days.map((d) => fmt.day(d.date))}
            rowNames={days.map((d) => d.date)}
            series={[
              { name: t("history.score"), data: days.map((d) => (d.over ? round(d.score) : null)), area: true },
              { name: t("history.recorded"), data: days.map((d) => round(d.recorded)), dashed: true, colour: 3 },
            ]}
            axes={[points]}
            height={240}
          />
        </div>
      </div>
      <PartsTable answer={answer} />
      <Chart
        title={t("parts.history")}
        note={t("parts.history_note")}
        file="health-parts"
        xName={t("date")}
        x={days.map((d) => fmt.day(d.date))}
        rowNames={days.map((d) => d.date)}
        series={answer.parts.filter((p) => days.some((d) => d.points[p.part] !== undefined)).map((p) => ({ name: t(`part.${p.part}.name`), data: days.map((d) => (d.over ? round(d.points[p.part] ?? null) : null)) }))}
        axes={[points]}
        height={320}
      />
    </>
  );
}

const round = (n: number | null) => (n === null ? null : Math.round(n * 10) / 10);
