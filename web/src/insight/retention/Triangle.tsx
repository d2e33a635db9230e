import { Segmented, Tooltip } from "antd";
import { useState, type CSSProperties, type ReactNode } from "react";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { NumberLink } from "../query/NumberLink";
import type { Cell, RetentionAnswer, RetentionOf, RetentionQuery, Row } from "./retention";
import { depths } from "./rows";
import { useNames } from "./words";

interface Props {
  query: RetentionQuery;
  answer: RetentionAnswer;
  shown: number[];
  toggle: (row: number) => void;
}

type As = "rate" | "people" | "each";

/** Cohorts, one row each; the deeper the water, the more came back. Every number leads to its people. */
export function Triangle({ query, answer, shown, toggle }: Props) {
  const t = useT("retention");
  const fmt = useFmt();
  const names = useNames(query, answer);
  const [chosen, setAs] = useState<As>("rate");
  const as = chosen === "each" && !answer.currency ? "rate" : chosen;
  const scale = depths(answer.rows);
  const columns = answer.columns.slice(0, Math.max(1, answer.all.cells.length, ...answer.rows.map((r) => r.cells.length)));
  const options: As[] = answer.currency ? ["rate", "people", "each"] : ["rate", "people"];
  const ways = { query, answer, as, scale, names };
  return (
    <Card
      title={t(query.breakdown ? "triangle.title_groups" : "triangle.title")}
      note={t(`triangle.note.${answer.mode}`, { start: names.start, back: names.back })}
      actions={<Segmented<As> value={as} aria-label={t("triangle.as")} onChange={setAs} options={options.map((o) => ({ value: o, label: t(`triangle.${o}`) }))} />}
    >
      <div className="triangle-box" tabIndex={0}>
        <table className="triangle">
          <thead>
            <tr>
              <th scope="col">{t(query.breakdown ? "triangle.group" : `triangle.cohort.${answer.grain}`)}</th>
              <th scope="col" className="num">
                {t(answer.starts === "recurring" ? "triangle.members" : "triangle.size")}
              </th>
              {columns.map((c, k) => (
                <th scope="col" key={k} className="num">
                  {names.column(c)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Line {...ways} row={answer.all} label={names.row(answer.all)} columns={columns.length} of={{}} />
            {answer.rows.map((r, i) => (
              <Line
                key={i}
                {...ways}
                row={r}
                columns={columns.length}
                of={r.group ? { group: r.group } : { cohort: r.cohort }}
                label={
                  <button type="button" aria-pressed={shown.includes(i)} title={t("triangle.draw")} onClick={() => toggle(i)}>
                    {names.row(r)}
                  </button>
                }
              />
            ))}
          </tbody>
        </table>
      </div>
      <div className="triangle-legend muted">
        {scale && (
          <>
            <span>{fmt.pct(scale.low)}</span>
            <i aria-hidden />
            <span>{fmt.pct(scale.high)}</span>
          </>
        )}
        <span className="grow" />
        <span>{t("triangle.open")}</span>
      </div>
    </Card>
  );
}

interface LineProps {
  query: RetentionQuery;
  answer: RetentionAnswer;
  as: As;
  scale: { low: number; high: number } | undefined;
  names: ReturnType<typeof useNames>;
  row: Row;
  label: ReactNode;
  columns: number;
  of: Pick<RetentionOf, "cohort" | "group">;
}

function Line({ answer, as, scale, names, row, label, columns, of }: LineProps) {
  const t = useT("retention");
  const fmt = useFmt();
  const isAll = of.cohort === undefined && of.group === undefined;
  const about = { row: names.row(row), start: names.start, back: names.back };
  const said = (c: Cell): string => {
    if (c.people === null) return c.so_far === undefined ? "" : as === "people" ? fmt.int(c.so_far) : fmt.pct(c.of === 0 ? 0 : c.so_far / c.of);
    if (as === "people") return fmt.int(c.people);
    if (as === "each") return c.each === null || c.each === undefined ? "—" : fmt.money(Math.round(c.each), answer.currency);
    return c.rate === null ? "—" : fmt.pct(c.rate, c.rate === 1 ? 0 : 1);
  };
  return (
    <tr className={isAll ? "triangle-average" : undefined}>
      <th scope="row">{label}</th>
      <td className="num">
        <NumberLink<RetentionOf> n={row.size} of={{ ...of, who: "members" }} title={t("who.members", about)} />
      </td>
      {Array.from({ length: columns }, (_, k) => {
        const c = row.cells[k];
        if (c === undefined || (c.people === null && c.so_far === undefined)) return <td key={k} />;
        const column = answer.columns[k];
        const words = { ...about, column: column ? names.column(column) : "", of: fmt.int(c.of), n: fmt.int(c.people ?? c.so_far ?? 0), rate: c.rate === null ? "" : fmt.pct(c.rate) };
        const depth = c.rate === null || scale === undefined ? 0 : Math.min(1, Math.max(0, (c.rate - scale.low) / (scale.high - scale.low)));
        const each = c.each === null || c.each === undefined ? "" : t("triangle.worth", { each: fmt.money(Math.round(c.each), answer.currency), all: fmt.money(c.amount ?? 0, answer.currency) });
        return (
          <Tooltip key={k} mouseEnterDelay={0.2} title={`${t(c.people === null ? "triangle.cell_open" : "triangle.cell", words)}${each}`}>
            <td className={`num${isAll ? "" : " heat"}${c.people === null ? " open" : ""}`} style={{ "--depth": k === 0 && c.rate === 1 ? 0 : depth } as CSSProperties}>
              <NumberLink<RetentionOf> n={c.people ?? c.so_far ?? 0} of={{ ...of, column: k, who: "returned" }} title={t("who.returned", words)}>
                {said(c)}
              </NumberLink>
            </td>
          </Tooltip>
        );
      })}
    </tr>
  );
}
