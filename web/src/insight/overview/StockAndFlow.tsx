import { CheckCircleOutlined, WarningOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Overview } from "../../api/types";
import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import type { Axis } from "../../ui/chartOption";
import { useFmt } from "../../ui/format";
import type { links } from "./links";
import { account, gather } from "./stock";

/** The pool as a water account: how high it stands, what came in, what went still, and that it adds up. */
export function StockAndFlow({ o, to }: { o: Overview; to: ReturnType<typeof links> }) {
  const t = useT("overview");
  const fmt = useFmt();
  const a = account(o.stock);
  const { level, flow, x, rows } = useMemo(() => {
    const people: [Axis] = [{ name: t("trend.axis_people"), exact: fmt.int, short: fmt.compact }];
    const stock = gather(o.stock, o.range.grain);
    const x = stock.map((s) => (o.range.grain === "month" ? fmt.month(s.date) : fmt.day(s.date)));
    return {
      x,
      rows: stock.map((s) => s.date),
      level: {
        x,
        axes: people,
        series: [
          { name: t("stock.active"), data: stock.map((s) => s.active), stack: "pool", area: true, colour: 0 },
          { name: t("stock.silent"), data: stock.map((s) => s.silent), stack: "pool", area: true, colour: 3 },
        ],
      },
      flow: {
        x,
        axes: people,
        series: [
          { name: t("stock.new"), data: stock.map((s) => s.new), type: "bar" as const, stack: "flow", colour: 0 },
          { name: t("stock.returning"), data: stock.map((s) => s.returning), type: "bar" as const, stack: "flow", colour: 1 },
          { name: t("stock.went_silent"), data: stock.map((s) => -s.went_silent), type: "bar" as const, stack: "flow", colour: 2 },
        ],
      },
    };
  }, [o, fmt, t]);

  if (x.length === 0) return null;
  const counted = o.check === undefined || o.check.holds;
  const even = a.even && a.off.length === 0 && counted;
  return (
    <section className="card stack">
      <div className="grid">
        <div className="half">
          <Chart title={t("stock.title")} note={t("stock.note")} xName={t("date")} rowNames={rows} file="pool-level" height={260} {...level} />
        </div>
        <div className="half">
          <Chart title={t("stock.flow_title")} note={t("stock.flow_note")} xName={t("date")} rowNames={rows} file="pool-flow" height={260} {...flow} />
        </div>
      </div>
      <div className="account">
        <Term name={t("stock.start")} value={fmt.int(a.start)} />
        <Term sign="+" name={t("stock.new")} value={fmt.int(a.new)} href={to.new} />
        <Term sign="+" name={t("stock.returning")} value={fmt.int(a.returning)} />
        <Term sign="−" name={t("stock.went_silent")} value={fmt.int(a.went_silent)} />
        <Term sign="=" name={t("stock.end")} value={fmt.int(a.end)} href={to.activeStock} />
        <p className={even ? "account-even" : "account-odd"}>
          {even ? <CheckCircleOutlined aria-hidden /> : <WarningOutlined aria-hidden />} {even ? t(o.check ? "stock.even_counted" : "stock.even", { n: fmt.int(o.stock.length) }) : t("stock.odd", { dates: a.off.slice(0, 3).join(", ") || fmt.longDay(o.range.to) })}
        </p>
      </div>
    </section>
  );
}

function Term({ sign, name, value, href }: { sign?: string; name: string; value: string; href?: string }) {
  return (
    <>
      {sign && <span className="account-sign">{sign}</span>}
      <span className="account-term">
        <small>{name}</small>
        <b>{href ? <Link to={href}>{value}</Link> : value}</b>
      </span>
    </>
  );
}
