import type { Person } from "../../api/types";
import { useT } from "../../app/i18n";
import { Ago } from "../../ui/Ago";
import { useFmt } from "../../ui/format";
import { Stat } from "../../ui/Stat";

/** What a person has bought, in four figures. */
export function ValueStrip({ person }: { person: Person }) {
  const t = useT("person");
  const fmt = useFmt();
  const v = person.value;
  const days = v.days_since_last_order;
  return (
    <section className="card value-strip">
      <Stat label={t("value.orders")} value={fmt.int(v.orders)} note={v.cancelled > 0 ? t("value.cancelled", { n: fmt.int(v.cancelled) }) : undefined} />
      <Stat label={t("value.revenue")} value={fmt.money(v.revenue)} note={v.first_order ? t("value.first", { day: fmt.longDay(fmt.dayOf(v.first_order)) }) : undefined} />
      <Stat label={t("value.average")} value={v.orders > 0 ? fmt.money(v.average_order) : "—"} />
      <Stat
        label={t("value.last")}
        value={v.last_order ? <Ago at={v.last_order} /> : "—"}
        note={v.last_order === null ? t("value.never") : days === 0 ? t("value.today") : fmt.longDay(fmt.dayOf(v.last_order))}
      />
    </section>
  );
}
