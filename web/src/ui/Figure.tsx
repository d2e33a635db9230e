import { LineChartOutlined, MoreOutlined, TableOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import type { ECharts, EChartsCoreOption } from "echarts/core";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useT } from "../app/i18n";
import { useDark } from "../app/prefs";
import { palette } from "../app/theme";
import { saveText, saveUrl, toCsv, type Cell } from "./csv";

export interface FigureProps {
  title: string;
  note?: ReactNode;
  /** Name of saved files, without ending. */
  file: string;
  height?: number;
  actions?: ReactNode;
  option: EChartsCoreOption;
  /** The table behind: the first column names the row. Cells for the file, and as a reader sees them where that differs. */
  head: string[];
  rows: Cell[][];
  shown?: (cell: Cell, column: number) => ReactNode;
  /** Called with the chart and the point of a click, in its pixels. */
  onPoint?: (chart: ECharts, x: number, y: number) => void;
  /** Called with what of the drawing was clicked. */
  onItem?: (item: { seriesIndex?: number; dataIndex?: number; dataType?: string; data?: unknown; value?: unknown }) => void;
}

/** A drawing in a card with the table behind it, PNG and CSV. */
export function Figure({ title, note, file, height = 280, actions, option, head, rows, shown, onPoint, onItem }: FigureProps) {
  const t = useT("ui");
  const isDark = useDark();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const [asTable, setAsTable] = useState(false);
  const latest = useRef({ option, onPoint, onItem });
  latest.current = { option, onPoint, onItem };

  useEffect(() => {
    const el = box.current;
    if (asTable || el === null) return;
    let gone = false;
    const resize = new ResizeObserver(() => chart.current?.resize());
    void import("./echarts").then(({ init }) => {
      if (gone) return;
      const made = init(el);
      made.setOption(latest.current.option);
      made.getZr().on("click", (e) => latest.current.onPoint?.(made, e.offsetX, e.offsetY));
      made.on("click", (e) => latest.current.onItem?.(e));
      chart.current = made;
      resize.observe(el);
    });
    return () => {
      gone = true;
      resize.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, [asTable]);

  useEffect(() => chart.current?.setOption(option, { notMerge: true }), [option]);

  const savePng = () => {
    const url = chart.current?.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: palette(isDark).card });
    if (url) saveUrl(`${file}.png`, url);
  };
  const cell = (c: Cell, i: number) => (shown ? shown(c, i) : c === null || c === undefined ? "" : String(c));

  return (
    <figure className="chart">
      <figcaption className="card-head">
        <div className="grow">
          <h2>{title}</h2>
          {note && <p>{note}</p>}
        </div>
        <div className="row chart-tools">
          {actions}
          <Button
            type="text"
            icon={asTable ? <LineChartOutlined aria-hidden /> : <TableOutlined aria-hidden />}
            aria-label={t(asTable ? "chart.chart" : "chart.table")}
            title={t(asTable ? "chart.chart" : "chart.table")}
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          />
          <Dropdown
            trigger={["click"]}
            menu={{
              items: [
                { key: "csv", label: t("chart.csv"), onClick: () => saveText(`${file}.csv`, toCsv(head, rows)) },
                { key: "png", label: t("chart.png"), onClick: savePng, disabled: asTable },
              ],
            }}
          >
            <Button type="text" icon={<MoreOutlined aria-hidden />} aria-label={t("chart.more")} />
          </Dropdown>
        </div>
      </figcaption>
      {asTable ? (
        <div key="table" className="chart-table" style={{ maxHeight: height }} tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                {head.map((h, i) => (
                  <th scope="col" key={i} className={rows.some((r) => typeof r[i] === "number") ? "num" : undefined}>
                    {h}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((r, i) => (
                <tr key={i}>
                  {head.map((_, j) =>
                    j === 0 ? (
                      <th scope="row" key={j}>
                        {cell(r[j], j)}
                      </th>
                    ) : (
                      <td key={j} className={typeof r[j] === "number" ? "num" : undefined}>
                        {cell(r[j], j)}
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        // its own key: ECharts fills this element itself, so React must not make the table out of it
        <div key="chart" ref={box} role="img" aria-label={t("chart.aria", { title })} style={{ height, cursor: onPoint || onItem ? "pointer" : undefined }} />
      )}
    </figure>
  );
}
