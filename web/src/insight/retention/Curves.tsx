import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import type { Axis } from "../../ui/chartOption";
import { useFmt } from "../../ui/format";
import { useOpenPeople } from "../query/NumberLink";
import type { RetentionAnswer, RetentionOf, RetentionQuery } from "./retention";
import { useNames } from "./words";

/** The curve of all and those of the chosen rows. A first column that is everybody says nothing, so that curves begin after it. */
export function Curves({ query, answer, shown }: { query: RetentionQuery; answer: RetentionAnswer; shown: number[] }) {
  const t = useT("retention");
  const fmt = useFmt();
  const names = useNames(query, answer);
  const open = useOpenPeople<RetentionOf>();
  const first = answer.all.cells[0]?.rate === 1 && answer.all.cells.length > 1 ? 1 : 0;
  const spec = useMemo(() => {
    const told = answer.columns.slice(first, answer.all.cells.length);
    const axes: [Axis] = [{ name: t("curves.axis"), exact: (n) => fmt.pct(n), short: (n) => fmt.pct(n, 0), min: 0 }];
    const rates = (cells: { rate: number | null }[]) => told.map((_, k) => cells[k + first]?.rate ?? null);
    return {
      x: told.map(names.column),
      axes,
      series: [
        { name: names.row(answer.all), data: rates(answer.all.cells), area: true, colour: 0 },
        ...shown.flatMap((i, n) => {
          const row = answer.rows[i];
          return row ? [{ name: names.row(row), data: rates(row.cells), colour: n + 1 }] : [];
        }),
      ],
    };
    // names change with the language, as fmt does
  }, [answer, shown, first, fmt, t]);
  if (spec.x.length === 0) return null;
  return (
    <div className="card">
      <Chart
        title={t("curves.title")}
        note={t("curves.note")}
        xName={t("curves.x")}
        file="retention-curves"
        height={320}
        {...spec}
        onPick={
          open === null
            ? undefined
            : (i) => {
                const n = answer.all.cells[i + first]?.people ?? 0;
                if (n > 0) open({ column: i + first, who: "returned" }, t("who.returned", { row: names.row(answer.all), start: names.start, back: names.back, column: spec.x[i] }));
              }
        }
      />
    </div>
  );
}
