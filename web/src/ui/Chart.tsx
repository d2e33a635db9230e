import { MoreOutlined, TableOutlined, LineChartOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import type { ECharts } from "echarts/core";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useT } from "../app/i18n";
import { useDark } from "../app/prefs";
import { palette } from "../app/theme";
import { chartOption, type ChartSpec } from "./chartOption";
import { saveText, saveUrl, toCsv } from "./csv";

export interface ChartProps extends ChartSpec {
  title: string;
  note?: ReactNode;
  /** Head of the first column of the table and file. */
  xName: string;
  /** Exact words for the rows of the table and file, where x is shortened. */
  rowNames?: string[];
  /** Name of saved files, without ending. */
  file: string;
  height?: number;
  actions?: ReactNode;
  /** Called with the index of x that was clicked. */
  onPick?: (index: number) => void;
}

/** A chart in a card: exact values on hover, the table behind it, PNG and CSV. */
export function Chart({ title, note, xName, rowNames, file, height = 280, actions, onPick, x, series, axes }: ChartProps) {
  const t = useT("ui");
  const isDark = useDark();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const [asTable, setAsTable] = useState(false);
  const option = useMemo(() => chartOption({ x, series, axes }, palette(isDark)), [x, series, axes, isDark]);
  const latest = useRef({ option, onPick });
  latest.current = { option, onPick };

  useEffect(() => {
    const el = box.current;
    if (asTable || el === null) return;
    let gone = false;
    const resize = new ResizeObserver(() => chart.current?.resize());
    void import("./echarts").then(({ init }) => {
      if (gone) return;
      const made = init(el);
      made.setOption(latest.current.option);
      made.getZr().on("click", (e) => {
        const [i] = made.convertFromPixel({ gridIndex: 0 }, [e.offsetX, e.offsetY]) as number[];
        if (i !== undefined && made.containPixel({ gridIndex: 0 }, [e.offsetX, e.offsetY])) latest.current.onPick?.(Math.round(i));
      });
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

  const names = rowNames ?? x;
  const axisOf = (i: number) => axes[series[i]?.axis ?? 0] ?? axes[0];
  const savePng = () => {
    const url = chart.current?.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: palette(isDark).card });
    if (url) saveUrl(`${file}.png`, url);
  };
  const saveCsv = () =>
    saveText(`${file}.csv`, toCsv([xName, ...series.map((s) => s.name)], names.map((n, i) => [n, ...series.map((s) => s.data[i])])));

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
                { key: "csv", label: t("chart.csv"), onClick: saveCsv },
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
                <th scope="col">{xName}</th>
                {series.map((s) => (
                  <th scope="col" key={s.name} className="num">
                    {s.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {names.map((n, i) => (
                <tr key={n}>
                  <th scope="row">{n}</th>
                  {series.map((s, j) => (
                    <td key={s.name} className="num">
                      {s.data[i] === null || s.data[i] === undefined ? "" : axisOf(j).exact(s.data[i])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        // its own key: ECharts fills this element itself, so React must not make the table out of it
        <div key="chart" ref={box} role="img" aria-label={t("chart.aria", { title })} style={{ height, cursor: onPick ? "pointer" : undefined }} />
      )}
    </figure>
  );
}
