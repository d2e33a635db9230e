import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { NumberLink } from "../query/NumberLink";
import type { Band, LtvAnswer, LtvOf } from "./ltv";

/** Who is likely to be a customer still, and what they will buy. */
export function Bands({ answer }: { answer: LtvAnswer }) {
  const t = useT("ltv");
  const fmt = useFmt();
  const f = answer.forecast;
  if (!f) return null;
  const name = (b: Band) => (b.once ? t("bands.once") : t("bands.range", { from: fmt.pct(b.from, 0), to: fmt.pct(b.to, 0) }));
  const most = Math.max(1, ...f.bands.map((b) => b.orders));
  const money = (v: number | null) => (v === null ? "–" : fmt.money(v, answer.currency));
  return (
    <Card title={t("bands.title", { days: f.days })} note={t("bands.note")}>
      <div className="ltv-scroll" tabIndex={0}>
        <table className="ltv-table">
          <thead>
            <tr>
              <th scope="col">{t("bands.alive")}</th>
              <th scope="col" className="num">{t("bands.people")}</th>
              <th scope="col" className="num">{t("bands.customers")}</th>
              <th scope="col" className="num">{t("bands.orders", { days: f.days })}</th>
              <th scope="col" aria-hidden />
              <th scope="col" className="num">{t("bands.value", { days: f.days })}</th>
            </tr>
          </thead>
          <tbody>
            {f.bands.map((b, i) => (
              <tr key={i}>
                <th scope="row">{name(b)}</th>
                <td className="num">
                  <NumberLink<LtvOf> n={b.people} of={{ who: "band", band: i }} title={t("bands.who", { band: name(b) })} />
                </td>
                <td className="num">{fmt.int(Math.round(b.alive))}</td>
                <td className="num">{fmt.int(Math.round(b.orders))}</td>
                <td className="ltv-bar" aria-hidden>
                  <span style={{ width: `${(100 * b.orders) / most}%` }} />
                </td>
                <td className="num">{money(b.value)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t("bands.all")}</th>
              <td className="num">
                <NumberLink<LtvOf> n={answer.buyers} of={{ who: "buyers" }} title={t("bands.buyers")} />
              </td>
              <td className="num">{fmt.int(Math.round(f.alive))}</td>
              <td className="num">{fmt.int(Math.round(f.orders))}</td>
              <td />
              <td className="num">{money(f.value)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    </Card>
  );
}
