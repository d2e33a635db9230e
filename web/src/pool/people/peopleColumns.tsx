import { useMemo } from "react";
import type { PersonRow } from "../../api/types";
import { useT } from "../../app/i18n";
import { Ago } from "../../ui/Ago";
import type { Column } from "../../ui/DataList";
import { useFmt } from "../../ui/format";
import { isInstant, isShownAtFirst, traitText } from "./columns";
import { traitOf } from "./filter";
import { calledOf } from "./name";
import { PersonLink } from "./PersonLink";
import { useTraitTitle, useTraitValue } from "./traits";

const dash = <span className="muted">—</span>;

/** The list's columns, in the order given. */
export function usePeopleColumns(keys: string[]): Column<PersonRow>[] {
  const t = useT("people");
  const fmt = useFmt();
  const title = useTraitTitle();
  const says = useTraitValue();
  return useMemo(() => {
    const count = (key: "events" | "orders"): Partial<Column<PersonRow>> => ({
      number: true,
      sortable: true,
      render: (p) => (p[key] === 0 ? dash : fmt.int(p[key])),
      csv: (p) => p[key],
    });
    const when = (key: "first_seen" | "last_seen"): Partial<Column<PersonRow>> => ({ sortable: true, render: (p) => <Ago at={p[key]} />, csv: (p) => p[key] });
    const text = (of: (p: PersonRow) => string): Partial<Column<PersonRow>> => ({ render: (p) => of(p) || dash, csv: of });
    const known: Record<string, Partial<Column<PersonRow>>> = {
      name: { render: (p) => <PersonLink person={p} />, csv: calledOf, width: 200 },
      phone: text((p) => p.phone),
      email: text((p) => p.email),
      channel: text((p) => p.channel),
      first_seen: when("first_seen"),
      last_seen: when("last_seen"),
      events: count("events"),
      orders: count("orders"),
      revenue: { number: true, sortable: true, render: (p) => (p.revenue === 0 ? dash : fmt.money(p.revenue)), csv: (p) => fmt.major(p.revenue) },
      id: { number: true, render: (p) => p.id, csv: (p) => p.id },
    };
    const shown = (trait: string, value: unknown) => (isInstant(value) ? fmt.time(value) : says(trait, value) || dash);
    return keys.map((key) => {
      const trait = traitOf(key);
      const rest = trait !== undefined ? { ...text((p) => traitText(p.traits[trait])), render: (p: PersonRow) => shown(trait, p.traits[trait]) } : known[key];
      return { key, title: trait !== undefined ? title(trait) : t(`col.${key}`), shown: isShownAtFirst(key), render: () => null, ...rest };
    });
  }, [keys, t, fmt, title, says]);
}
