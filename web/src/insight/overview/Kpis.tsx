import type { KpiName, Overview } from "../../api/types";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { Stat } from "../../ui/Stat";
import type { links } from "./links";

type Kind = "count" | "money" | "rate";

const groups: { key: "pool" | "trade"; kpis: [KpiName, Kind][] }[] = [
  { key: "pool", kpis: [["people", "count"], ["new", "count"], ["active", "count"], ["dau", "count"], ["wau", "count"], ["mau", "count"], ["stickiness", "rate"]] },
  { key: "trade", kpis: [["revenue", "money"], ["orders", "count"], ["buyers", "count"], ["average_order", "money"], ["repurchase_rate", "rate"]] },
];

/** The key figures against the period before; each opens the people behind it. */
export function Kpis({ o, to }: { o: Overview; to: ReturnType<typeof links> }) {
  const t = useT("overview");
  const fmt = useFmt();
  const href: Partial<Record<KpiName, string | undefined>> = {
    people: to.people,
    new: to.new,
    active: to.active,
    wau: to.wau,
    mau: to.mau,
    orders: to.buyers,
    buyers: to.buyers,
    revenue: to.buyers,
    average_order: to.buyers,
    repurchase_rate: to.repeat,
  };
  const show = (n: number, kind: Kind) => (kind === "money" ? fmt.moneyCompact(n, o.currency) : kind === "rate" ? fmt.pct(n) : fmt.int(n));
  const exact = (n: number, kind: Kind) => (kind === "money" ? fmt.money(n, o.currency) : show(n, kind));
  const former = { from: fmt.day(o.compare.from), to: fmt.day(o.compare.to) };
  return (
    <Card title={t("kpis.title")} note={t("kpis.compared", former)}>
      {groups.map((g) => (
        <section key={g.key} className="kpi-group" aria-label={t(`kpis.${g.key}`)}>
          <h3>{t(`kpis.${g.key}`)}</h3>
          <div className="kpis">
            {g.kpis.map(([name, kind]) => (
              <Stat
                key={name}
                label={t(`kpi.${name}`)}
                help={t(`kpi_help.${name}`)}
                value={<span title={exact(o.kpis[name].value, kind)}>{show(o.kpis[name].value, kind)}</span>}
                href={href[name]}
                change={{
                  now: o.kpis[name].value,
                  before: o.kpis[name].previous,
                  rate: kind === "rate",
                  text: t("kpis.before", { ...former, value: exact(o.kpis[name].previous, kind) }),
                }}
              />
            ))}
          </div>
        </section>
      ))}
    </Card>
  );
}
