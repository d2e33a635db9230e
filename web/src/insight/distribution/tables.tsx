import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { useOpenPeople } from "../query/NumberLink";
import type { Spread, Unit } from "./wire";
import { useSay } from "./words";

const columns = ["mean", "min", "q1", "median", "q3", "p90", "p99", "max"] as const;

/** Means, quartiles and ends of figures, group by group. */
export function SpreadTable({ rows, unit, currency, counted }: { rows: { name: string; spread: Spread; unit?: Unit }[]; unit: Unit; currency?: string; counted: string }) {
  const t = useT("distribution");
  const fmt = useFmt();
  const say = useSay(currency);
  return (
    <Card title={t("spread.title")} note={t("spread.note")}>
      <div className="dist-table" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("col.group")}</th>
              <th scope="col" className="num">{counted}</th>
              {columns.map((c) => (
                <th scope="col" className="num" key={c}>
                  {t(`spread.${c}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((r, i) => (
              <tr key={i}>
                <th scope="row">{r.name}</th>
                <td className="num">{fmt.int(r.spread.n)}</td>
                {columns.map((c) => (
                  <td className="num" key={c}>
                    {say(r.spread[c], r.unit ?? unit)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** A number that opens people, whatever it counts itself. */
export function PeopleLink<Of>({ n, of, title }: { n: number; of: Of; title: string }) {
  const t = useT("distribution");
  const fmt = useFmt();
  const open = useOpenPeople<Of>();
  if (n === 0 || open === null) return <>{fmt.int(n)}</>;
  return (
    <button type="button" className="number-link" title={t("query:people.open", { title })} aria-label={`${fmt.int(n)}: ${t("query:people.open", { title })}`} onClick={() => open(of, title)}>
      {fmt.int(n)}
    </button>
  );
}

/** How many are in each row's bin or value, column by column; each number opens its people. */
export function CountsTable<Of>({ title, head, names, rows }: { title: string; head: string; names: string[]; rows: { name: string; counts: { n: number; of: Of }[] }[] }) {
  const t = useT("distribution");
  const fmt = useFmt();
  const sums = names.map((_, i) => rows.reduce((n, r) => n + (r.counts[i]?.n ?? 0), 0));
  return (
    <Card title={title} note={t("counts.note")}>
      <div className="dist-table" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{head}</th>
              {names.map((n, i) => (
                <th scope="col" className="num" key={i}>
                  {n}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((r, k) => (
              <tr key={k}>
                <th scope="row">{r.name}</th>
                {r.counts.map(({ n, of }, i) => (
                  <td className="num" key={i}>
                    <PeopleLink<Of> n={n} of={of} title={names.length > 1 ? `${r.name} · ${names[i] ?? ""}` : r.name} />
                    {n > 0 && <small className="muted"> {fmt.pct(n / Math.max(1, sums[i] ?? 1), 1)}</small>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
