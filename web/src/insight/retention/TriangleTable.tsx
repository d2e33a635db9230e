import { Link } from "@tanstack/react-router";
import { Segmented, Tooltip } from "antd";
import { useState, type CSSProperties } from "react";
import { useT } from "../../app/i18n";
import { CsvButton } from "../../ui/CsvButton";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { cellRule } from "./people";
import { average, cells, type Cohort } from "./triangle";

interface Props {
  cohorts: Cohort[];
  /** The event's name, and what it is called. */
  name: string;
  event: string;
  thisMonth: string;
  shown: string[];
  toggle: (cohort: string) => void;
}

/** Cohorts by month, one row each; the deeper the water, the more came back. */
export function Triangle({ cohorts, name, event, thisMonth, shown, toggle }: Props) {
  const t = useT("retention");
  const fmt = useFmt();
  const today = fmt.dayOf(Date.now());
  const [as, setAs] = useState<"rate" | "count">("rate");
  const rows = cohorts.map((c) => ({ c, cells: cells(c, thisMonth) }));
  const width = Math.max(...rows.map((r) => r.cells.length));
  const ks = Array.from({ length: width }, (_, k) => k);
  const avg = average(cohorts, thisMonth);
  // month 0 is always everyone and running months are unfinished: the scale spans the rest
  const done = rows.flatMap((r) => r.cells.slice(1).filter((x) => !x.open).map((x) => x.rate));
  const low = Math.min(...done, 1);
  const high = Math.max(...done, low + 0.001);

  const said = (x: { rate: number; count: number }, k: number) => (as === "rate" ? fmt.pct(x.rate, k === 0 ? 0 : 1) : fmt.int(x.count));

  return (
    <Card
      title={t("triangle.title")}
      note={t("triangle.note", { event })}
      actions={
        <>
          <Segmented
            value={as}
            onChange={(v) => setAs(v as "rate" | "count")}
            options={[
              { value: "rate", label: t("triangle.rate") },
              { value: "count", label: t("triangle.count") },
            ]}
          />
          <CsvButton
            file="retention"
            head={[t("triangle.cohort"), t("triangle.size"), ...ks.map((k) => t("triangle.month", { k }))]}
            rows={rows.map((r) => [r.c.cohort, r.c.size, ...r.c.counts])}
          />
        </>
      }
    >
      <div className="triangle-box" tabIndex={0}>
        <table className="triangle">
          <thead>
            <tr>
              <th scope="col">{t("triangle.cohort")}</th>
              <th scope="col" className="num">{t("triangle.size")}</th>
              {ks.map((k) => (
                <th scope="col" key={k} className="num">
                  {k === 0 ? t("triangle.month0") : t("triangle.month", { k })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr className="triangle-average">
              <th scope="row">{t("triangle.average")}</th>
              <td className="num">{fmt.int(cohorts.reduce((n, c) => n + c.size, 0))}</td>
              {ks.map((k) => (
                <td key={k} className="num">
                  {avg[k] === null || avg[k] === undefined ? "" : fmt.pct(avg[k], k === 0 ? 0 : 1)}
                </td>
              ))}
            </tr>
            {rows.map(({ c, cells: line }) => (
              <tr key={c.cohort}>
                <th scope="row">
                  <button type="button" aria-pressed={shown.includes(c.cohort)} title={t("triangle.draw")} onClick={() => toggle(c.cohort)}>
                    {fmt.month(c.cohort)}
                  </button>
                </th>
                <td className="num">{fmt.int(c.size)}</td>
                {line.map((x, k) => (
                  <Tooltip
                    key={k}
                    mouseEnterDelay={0.2}
                    title={t(x.open ? "triangle.cell_open" : "triangle.cell", { cohort: fmt.month(c.cohort), size: fmt.int(c.size), count: fmt.int(x.count), rate: fmt.pct(x.rate), k })}
                  >
                    <td
                      className={`heat num${x.open ? " open" : ""}`}
                      style={{ "--depth": k === 0 ? 0 : (x.rate - low) / (high - low) } as CSSProperties}
                    >
                      {x.count === 0 ? (
                        said(x, k)
                      ) : (
                        <Link to="/pool/segments/new" search={{ rule: cellRule(name, c.cohort, k, today), title: t("triangle.people", { event, cohort: fmt.month(c.cohort), k }) }}>
                          {said(x, k)}
                        </Link>
                      )}
                    </td>
                  </Tooltip>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="triangle-legend muted">
        {done.length > 0 && (
          <>
            <span>{fmt.pct(low)}</span>
            <i aria-hidden />
            <span>{fmt.pct(high)}</span>
          </>
        )}
        <span className="grow" />
        <span>{t("triangle.open")}</span>
      </div>
    </Card>
  );
}
