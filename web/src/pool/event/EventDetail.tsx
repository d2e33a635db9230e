import { Link } from "@tanstack/react-router";
import type { PoolEvent } from "../../api/types";
import { useT } from "../../app/i18n";
import { CopyButton } from "../../ui/CopyText";
import { useFmt } from "../../ui/format";
import { rowsOf, type Row } from "./days";
import { useSourceName } from "./sources";
import "./event.css";

/** Everything an event said: properties, context, where and when it came in. */
export function EventDetail({ event, withPerson = false }: { event: PoolEvent; withPerson?: boolean }) {
  const t = useT("event");
  const fmt = useFmt();
  const source = useSourceName();
  const late = (Date.parse(event.received_at) - Date.parse(event.time)) / 1000;
  return (
    <div className="event-detail">
      <Rows title={t("traits")} rows={rowsOf(event.traits ?? {})} />
      <Rows title={t("properties")} rows={rowsOf(event.properties ?? {})} none={event.traits ? undefined : t("no_properties")} />
      <Rows title={t("context")} rows={rowsOf(event.context ?? {})} />
      <dl className="event-facts">
        <Fact name={t("happened")}>{fmt.time(event.time)}</Fact>
        <Fact name={t("received")}>
          {fmt.time(event.received_at)}
          {late >= 60 && <span className="muted"> · {t("late", { span: fmt.span(late) })}</span>}
        </Fact>
        {event.source > 0 && <Fact name={t("source")}>{source(event.source)}</Fact>}
        <Fact name={t("id")}>
          <code>{event.id}</code>
        </Fact>
      </dl>
      <div className="row">
        {withPerson && event.person > 0 && (
          <Link to="/pool/people/$id" params={{ id: String(event.person) }}>
            {t("person")}
          </Link>
        )}
        <CopyButton text={JSON.stringify(event, null, 2)} label={t("json")} />
      </div>
    </div>
  );
}

function Rows({ title, rows, none }: { title: string; rows: Row[]; none?: string }) {
  if (rows.length === 0) return none ? <p className="muted">{none}</p> : null;
  return (
    <table className="plain event-rows">
      <caption>{title}</caption>
      <tbody>
        {rows.map((r) => (
          <tr key={r.key}>
            <th scope="row">
              <code>{r.key}</code>
            </th>
            <td>{r.value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
