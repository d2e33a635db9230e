import { ExportOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { ReactNode } from "react";
import type { Board, Filters, Item } from "../../api/boards";
import { api, call } from "../../api/client";
import { useT } from "../../app/i18n";
import { useLang } from "../../app/prefs";
import { searchOf } from "../query/useQueryState";
import { ChartItem } from "./ChartItem";
import { pageOf } from "./ChartsTab";
import { drawsItself } from "./DrawnChart";
import { TextBlock } from "./TextBlock";

/** An item of a board: a text, or a chart under the board's filters. */
export function BoardItem({ item, board, filters, pulse, tools }: { item: Item; board: Pick<Board, "charts">; filters: Filters; pulse?: number; tools?: ReactNode }) {
  const t = useT("board");
  const lang = useLang();
  if (item.chart === undefined)
    return (
      <div className="board-note">
        <TextBlock text={item.text ?? ""} />
        {tools}
      </div>
    );
  const key = item.chart;
  const chart = board.charts.find((c) => c.key === key);
  if (chart === undefined || chart.state === "archived")
    return (
      <article className="card board-card">
        <div className="board-fault">
          <p>{t("item.lost", { title: chart?.title ?? key })}</p>
          {tools}
        </div>
      </article>
    );
  const table = !drawsItself(chart.kind);
  const to = pageOf(chart);
  return (
    <ChartItem
      title={chart.title}
      description={chart.description}
      askKey={[key, chart.version, filters, lang, table]}
      ask={(signal) => call(api.POST("/insight/charts/{key}/ask", { params: { path: { key } }, body: { filters, lang, table: table || undefined }, signal }))}
      people
      pulse={pulse}
      tools={
        tools ??
        (to && (
          <Link to={to} search={searchOf(chart.query as object) as never}>
            <Button type="text" size="small" tabIndex={-1} icon={<ExportOutlined aria-hidden />} aria-label={t("chart.open", { title: chart.title })} title={t("chart.open", { title: chart.title })} />
          </Link>
        ))
      }
    />
  );
}
