import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import type { Axis } from "../../ui/chartOption";
import { NumberLink } from "../query/NumberLink";
import type { Cohort, LtvAnswer, LtvOf } from "./ltv";

/** What cohorts brought per person, month by month, and when that paid for them. */
export function Cohorts({ answer }: { answer: LtvAnswer }) {
  const t = useT("ltv");
  const fmt = useFmt();
  const name = (c: Cohort) => (c.none ? t("cohort.none") : c.rest ? t("cohort.rest") : c.title || (/^\d{4}-\d{2}$/.test(c.key) ? fmt.month(`${c.key}-01`) : c.key));
  const months = answer.all.months.length;
  const spec = useMemo(() => {
    const drawn = [...answer.cohorts].filter((c) => c.months.length > 0).slice(-6);
    const axes: [Axis] = [{ name: t("cohort.axis", { currency: answer.currency }), exact: (n) => fmt.money(Math.round(n), answer.currency), short: (n) => fmt.moneyCompact(n, answer.currency), min: 0 }];
    const points = (c: Cohort) => Array.from({ length: months }, (_, k) => c.months[k]?.revenue ?? null);
    const cost = answer.cost > 0 ? [{ name: t("cohort.cost"), data: Array.from({ length: months }, () => answer.cost), dashed: true, colour: 7 }] : [];
    return {
      x: Array.from({ length: months }, (_, k) => String(k + 1)),
      axes,
      series: [{ name: t("cohort.all"), data: points(answer.all), area: true, colour: 0 }, ...drawn.map((c, i) => ({ name: name(c), data: points(c), colour: i + 1 })), ...cost],
    };
    // name changes with the language, as fmt does
  }, [answer, months, fmt, t]);
  return (
    <>
      {months > 0 && (
        <div className="card">
          <Chart title={t("cohort.title")} note={t("cohort.note")} xName={t("cohort.month")} file="ltv-cohorts" height={320} {...spec} />
        </div>
      )}
      <Card title={t("cohort.table")} note={answer.cost > 0 ? t("cohort.paid", { cost: fmt.money(answer.cost, answer.currency) }) : t("cohort.no_cost")}>
        <div className="ltv-scroll" tabIndex={0}>
          <table className="ltv-table">
            <thead>
              <tr>
                <th scope="col">{t("cohort.name")}</th>
                <th scope="col" className="num">{t("bands.people")}</th>
                <th scope="col" className="num">{t("cohort.orders")}</th>
                <th scope="col" className="num">{t("cohort.revenue")}</th>
                {[1, 3, 6, 12].map((k) => (
                  <th scope="col" className="num" key={k}>{t("cohort.by", { k })}</th>
                ))}
                {answer.cost > 0 && <th scope="col" className="num">{t("cohort.payback")}</th>}
              </tr>
            </thead>
            <tbody>
              {[answer.all, ...answer.cohorts].map((c, i) => (
                <tr key={i}>
                  <th scope="row">{i === 0 ? t("cohort.all") : name(c)}</th>
                  <td className="num">
                    <NumberLink<LtvOf> n={c.people} of={i === 0 ? { who: "buyers" } : { who: "cohort", cohort: c.key, none: c.none, rest: c.rest }} title={t("cohort.who", { cohort: i === 0 ? t("cohort.all") : name(c) })} />
                  </td>
                  <td className="num">{fmt.int(c.orders)}</td>
                  <td className="num">{fmt.money(c.revenue, answer.currency)}</td>
                  {[1, 3, 6, 12].map((k) => (
                    <td className="num" key={k}>{c.months[k - 1] ? fmt.money(Math.round(c.months[k - 1]?.revenue ?? 0), answer.currency) : "–"}</td>
                  ))}
                  {answer.cost > 0 && <td className="num">{c.payback === null ? t("cohort.not_yet") : t("cohort.in_month", { k: c.payback })}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </>
  );
}
