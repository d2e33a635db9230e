import { Alert } from "antd";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { IdentityTag } from "../kind/IdentityTag";
import { useKindTitle } from "../kind/kinds";
import { isInstant } from "./columns";
import type { MergePreview } from "./merge";
import { useTraitTitle } from "./traits";
import "./people.css";

/** The person that a merge would make. */
export function MergeResult({ preview: p }: { preview: MergePreview }) {
  const t = useT("people");
  const fmt = useFmt();
  const kind = useKindTitle();
  const trait = useTraitTitle();
  const shown = (text: string) => (isInstant(text) ? fmt.time(text) : text);
  const facts: [string, string][] = [
    ["events", fmt.int(p.events)],
    ["orders", fmt.int(p.orders)],
    ["revenue", fmt.money(p.revenue)],
    ["first", fmt.longDay(fmt.dayOf(p.firstSeen))],
    ["last", fmt.longDay(fmt.dayOf(p.lastSeen))],
  ];
  return (
    <section className="merge-result">
      <div>
        <b>{t("merge.becomes")}</b>
        <div className="muted">{[p.name, t("merge.stays", { id: p.id })].filter(Boolean).join(" · ")}</div>
      </div>
      <dl className="merge-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`merge.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="tag-list">
        {p.identities.map((i) => (
          <IdentityTag key={i.id} identity={i} />
        ))}
      </div>
      {p.guarded.length > 0 && (
        <Alert type="warning" showIcon title={t("merge.guards")} description={p.guarded.map((g) => <div key={g.kind}>{t("merge.unique", { kind: kind(g.kind), values: g.values.join("、") })}</div>)} />
      )}
      {p.differs.length > 0 && (
        <table className="plain merge-differ">
          <caption className="muted">{t("merge.differs")}</caption>
          <tbody>
            {p.differs.map((d) => (
              <tr key={d.trait}>
                <th scope="row">{trait(d.trait)}</th>
                <td>{t("merge.kept", { value: shown(d.kept) })}</td>
                <td className="muted">{t("merge.others", { values: d.others.map(shown).join("、") })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
