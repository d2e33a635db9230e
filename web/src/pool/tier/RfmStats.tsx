import type { Rfm, RfmStat } from "../../api/rules";
import { useT } from "../../app/i18n";
import { usePool } from "../../app/session";
import { CsvButton } from "../../ui/CsvButton";
import { minorDigits, useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";

const columns = ["mean", "min", "q1", "median", "q3", "max"] as const;

/** How recency, frequency and money are spread over the buyers, with the cuts of the grid. */
export function RfmStats({ rfm }: { rfm: Rfm }) {
  const t = useT("tier");
  const fmt = useFmt();
  const { currency } = usePool();
  const plain = (n: number) => (Number.isInteger(n) ? fmt.int(n) : (Math.round(n * 100) / 100).toString());
  const money = (n: number) => fmt.money(Math.round(n * 10 ** minorDigits(rfm.currency || currency)), rfm.currency || undefined);
  const rows: [string, RfmStat, (n: number) => string][] = [
    [t("rfm.recency"), rfm.recency_days, (n) => t("unit.days", { n: plain(n) })],
    [t("rfm.frequency"), rfm.frequency, plain],
    [t("rfm.monetary"), rfm.monetary, money],
  ];
  const head = [t("rfm.measure"), ...columns.map((c) => t(`rfm.stat.${c}`)), t("rfm.cuts")];
  return (
    <Card title={t("rfm.spread")} note={t("rfm.spread_note")} actions={<CsvButton file="rfm-spread" head={head} rows={rows.map(([name, s]) => [name, ...columns.map((c) => s[c]), s.cuts.join(" ")])} />}>
      <div className="chart-table" tabIndex={0}>
        <table className="plain rfm-stats">
          <thead>
            <tr>
              {head.map((h, i) => (
                <th scope="col" key={h} className={i > 0 && i <= columns.length ? "num" : undefined}>
                  {h}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, s, say]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {columns.map((c) => (
                  <td key={c} className="num">
                    {say(s[c])}
                  </td>
                ))}
                <td>{s.cuts.map(say).join(" · ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
