import { Suspense, type ReactNode } from "react";
import type { Drawn, FigureOver, RowsOf } from "../../api/boards";
import { charts } from "../../app/charts";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Loading } from "../../ui/states";
import type { Common, Result } from "../query/wire";

/** Whether a kind draws itself; if not, its answers are shown as tables. */
export const drawsItself = (kind: string): boolean => charts.some((c) => c.kind === kind);

/** A chart's answer, drawn as it is kept: by its kind, as a table, or as figures. */
export function DrawnChart({ drawn, result }: { drawn: Drawn; result: Result<unknown> }): ReactNode {
  if (drawn.figures.length > 0) return <Figures figures={drawn.figures} />;
  if (drawn.table !== null) return <Rows rows={drawn.table} />;
  const kind = charts.find((c) => c.kind === result.kind);
  if (kind === undefined) return null;
  return (
    <Suspense fallback={<Loading rows={4} />}>
      <div className="board-view">
        <kind.View query={drawn.query as Common} result={result} />
      </div>
    </Suspense>
  );
}

function Figures({ figures }: { figures: FigureOver[] }) {
  return (
    <div className="board-figures">
      {figures.map((f) => (
        <div key={f.name} className="stat">
          <div className="stat-label">{f.name}</div>
          <div className="stat-value">{f.value}</div>
          {f.change !== "" && <div className={`delta ${f.rises ? "up" : ""}`}>{f.change}</div>}
          <svg viewBox={`0 0 ${f.bars.length * 5} 36`} height="36" preserveAspectRatio="none" aria-hidden>
            {f.bars.map((h, i) => (
              <rect key={i} x={i * 5} y={36 - h} width="4" height={h} rx="1" fill="var(--series-1)" />
            ))}
          </svg>
        </div>
      ))}
    </div>
  );
}

function Rows({ rows }: { rows: RowsOf }) {
  const t = useT("board");
  const fmt = useFmt();
  return (
    <div className="board-rows" tabIndex={0}>
      <table className="plain">
        <thead>
          <tr>
            {rows.columns.map((c, i) => (
              <th scope="col" key={i} className={rows.numeric[i] ? "num" : undefined}>
                {c}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.rows.map((r, n) => (
            <tr key={n}>
              {r.map((c, i) => (
                <td key={i} className={rows.numeric[i] ? "num" : undefined}>
                  {c.value}
                  {c.bar !== undefined && c.bar > 0 && <i className="board-bar" style={{ width: `${c.bar}%` }} aria-hidden />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.rows.length === 0 && <p className="muted">{t("chart.nothing")}</p>}
      {rows.more > 0 && <p className="muted">{t("chart.more_rows", { n: fmt.int(rows.more) })}</p>}
    </div>
  );
}
