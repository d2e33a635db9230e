import { CheckCircleOutlined, WarningOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { NumberLink } from "../query/NumberLink";
import type { GrowthAnswer, GrowthOf, Who } from "./growth";
import { account } from "./query";
import { useNames } from "./words";

/** The account of the whole range, and that it adds up. */
export function Account({ answer, check }: { answer: GrowthAnswer; check?: ReactNode }) {
  const t = useT("growth");
  const fmt = useFmt();
  const names = useNames(answer);
  const a = account(answer);
  const { total } = answer;
  const term = (who: Who, n: number) => <NumberLink<GrowthOf> n={n} of={{ who }} title={names.who(who)} />;
  return (
    <section className="card" data-part="account">
      <div className="growth-account">
        <Term name={t("account.start")}>{fmt.int(a.start.active)}</Term>
        <Term sign="+" name={t("col.new")}>
          {term("new", total.new)}
        </Term>
        <Term sign="+" name={t("col.resurrected")}>
          {term("resurrected", total.resurrected)}
        </Term>
        <Term sign="−" name={t("col.went_silent")}>
          {term("went_silent", total.went_silent)}
        </Term>
        {total.cleaned_active > 0 && (
          <Term sign="−" name={t("account.cleaned_active")}>
            {fmt.int(total.cleaned_active)}
          </Term>
        )}
        <Term sign="=" name={t("account.end")}>
          {term("active", a.end.active)}
        </Term>
        <p className={a.even ? "growth-account-even" : "growth-account-odd"}>
          {a.even ? <CheckCircleOutlined aria-hidden /> : <WarningOutlined aria-hidden />}{" "}
          {a.even ? t("account.even", { n: fmt.int(answer.periods.length) }) : t("account.odd", { dates: a.off.slice(0, 3).map(fmt.longDay).join(", ") })}
        </p>
      </div>
      {check}
    </section>
  );
}

function Term({ sign, name, children }: { sign?: string; name: string; children: ReactNode }) {
  return (
    <>
      {sign && <span className="growth-account-sign">{sign}</span>}
      <span className="growth-account-term">
        <small>{name}</small>
        <b>{children}</b>
      </span>
    </>
  );
}

const flows = ["new", "retained", "resurrected", "won_back", "went_silent", "went_lost", "cleaned"] as const;
const stocks = ["people", "active", "silent", "lost"] as const;

/** Every number of every period, and the people behind each. */
export function Books({ answer }: { answer: GrowthAnswer }) {
  const t = useT("growth");
  const fmt = useFmt();
  const names = useNames(answer);
  const rate = (r: number | null) => (r === null ? "—" : fmt.pct(r));
  const decimal = (n: number | null) => (n === null ? "—" : n.toFixed(2));
  return (
    <Card title={t("books.title")} note={t("books.note")}>
      <div className="growth-books" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                {t("col.period")}
              </th>
              <th scope="colgroup" colSpan={flows.length + 1}>
                {t("books.flows")}
              </th>
              <th scope="colgroup" colSpan={stocks.length}>
                {t("books.stocks")}
              </th>
              <th scope="colgroup" colSpan={5}>
                {t("books.active")}
              </th>
              <th scope="col" rowSpan={2}>
                {t("col.adds_up")}
              </th>
            </tr>
            <tr>
              {[...flows, "quick_ratio", ...stocks, "seen", "dau", "wau", "mau", "stickiness"].map((k) => (
                <th scope="col" className="num" key={k}>
                  {t(`col.${k}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...answer.periods].reverse().map((p) => (
              <tr key={p.date} data-date={p.date} className={p.over ? undefined : "growth-running"}>
                <th scope="row">
                  {names.exact(p)}
                  {!p.over && <small className="muted"> {t("books.running")}</small>}
                </th>
                {flows.map((k) => (
                  <td className="num" key={k} data-col={k}>
                    <NumberLink<GrowthOf> n={p[k]} of={{ date: p.date, who: k }} title={names.who(k, p)} />
                  </td>
                ))}
                <td className="num">{decimal(p.quick_ratio)}</td>
                {stocks.map((k) => (
                  <td className="num" key={k} data-col={k}>
                    <NumberLink<GrowthOf> n={p.stock[k]} of={{ date: p.date, who: k }} title={names.who(k, p)} />
                  </td>
                ))}
                <td className="num">
                  <NumberLink<GrowthOf> n={p.seen} of={{ date: p.date, who: "seen" }} title={names.who("seen", p)} />
                </td>
                <td className="num">{p.dau.toFixed(p.dau < 100 ? 1 : 0)}</td>
                {(["wau", "mau"] as const).map((k) => (
                  <td className="num" key={k}>
                    <NumberLink<GrowthOf> n={p[k]} of={{ date: p.date, who: k }} title={names.who(k, p)} />
                  </td>
                ))}
                <td className="num">{rate(p.stickiness)}</td>
                <td>{p.adds_up ? <CheckCircleOutlined className="growth-even" aria-label={t("books.even")} /> : <WarningOutlined className="growth-odd" aria-label={t("books.odd")} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
