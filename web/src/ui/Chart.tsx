import type { ReactNode } from "react";
import { useMemo } from "react";
import { useDark } from "../app/prefs";
import { palette } from "../app/theme";
import { chartOption, type ChartSpec } from "./chartOption";
import { Figure } from "./Figure";

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

/** A chart over one axis: exact values on hover, the table behind it, PNG and CSV. */
export function Chart({ xName, rowNames, onPick, x, series, axes, ...rest }: ChartProps) {
  const isDark = useDark();
  const option = useMemo(() => chartOption({ x, series, axes }, palette(isDark)), [x, series, axes, isDark]);
  const axisOf = (i: number) => axes[series[i]?.axis ?? 0] ?? axes[0];
  return (
    <Figure
      {...rest}
      option={option}
      head={[xName, ...series.map((s) => s.name)]}
      rows={(rowNames ?? x).map((n, i) => [n, ...series.map((s) => s.data[i])])}
      shown={(cell, column) => (column > 0 && typeof cell === "number" ? axisOf(column - 1).exact(cell) : (cell ?? ""))}
      onPoint={
        onPick &&
        ((chart, px, py) => {
          const [i] = chart.convertFromPixel({ gridIndex: 0 }, [px, py]) as number[];
          if (i !== undefined && chart.containPixel({ gridIndex: 0 }, [px, py])) onPick(Math.round(i));
        })
      }
    />
  );
}
