import type { UseQueryResult } from "@tanstack/react-query";
import { Tabs } from "antd";
import type { ImportPreview, TrialEvent } from "../api/types";
import { useT } from "../app/i18n";
import { rowsOf } from "../pool/event/days";
import { EventMark } from "../pool/event/EventMark";
import { useEventWords } from "../pool/event/words";
import { IdentityTag } from "../pool/kind/IdentityTag";
import { useFmt } from "../ui/format";
import { Card } from "../ui/PageHead";
import { ErrorState, Loading } from "../ui/states";
import type { Field } from "./mapping";
import { useFieldWords, useRejectWords } from "./words";

/** What the first rows would become: events, and rows that would be refused. */
export function Preview({ query, fields }: { query: UseQueryResult<ImportPreview>; fields: Field[] }) {
  const t = useT("importer");
  const { data } = query;
  return (
    <Card title={t("preview.title")} note={t("preview.note")} className="preview">
      {query.isError && data === undefined && <ErrorState error={query.error} retry={() => void query.refetch()} />}
      {data === undefined && !query.isError && <Loading rows={5} />}
      {data !== undefined && (
        <div aria-busy={query.isFetching} className={query.isPlaceholderData ? "stale" : undefined}>
          {data.problems.length > 0 ? (
            <Problems problems={data.problems} fields={fields} />
          ) : (
            <Tabs
              size="small"
              items={[
                { key: "events", label: t("preview.events", { n: data.events.length }), children: <Events events={data.events} /> },
                { key: "rejects", label: t("preview.rejects", { n: data.rejects.length }), children: <Rejects rejects={data.rejects} /> },
              ]}
            />
          )}
        </div>
      )}
    </Card>
  );
}

function Problems({ problems, fields }: { problems: ImportPreview["problems"]; fields: Field[] }) {
  const words = useFieldWords();
  return (
    <ul className="preview-problems">
      {problems.map((p) => {
        const field = fields.find((f) => p.field === `mapping.${f.name}`);
        return (
          <li key={p.field + p.message}>
            <b>{field === undefined ? p.field : words(field).title}</b> {p.message}
          </li>
        );
      })}
    </ul>
  );
}

function Events({ events }: { events: TrialEvent[] }) {
  const t = useT("importer");
  const fmt = useFmt();
  const words = useEventWords();
  if (events.length === 0) return <p className="muted">{t("preview.no_events")}</p>;
  return (
    <ol className="preview-events">
      {events.map((e) => (
        <li key={e.id}>
          <div className="preview-head">
            <EventMark event={e} />
            <b>{words(e).title}</b>
            {e.amount && <span className="preview-amount">{fmt.money(e.amount.amount, e.amount.currency)}</span>}
            <span className="grow" />
            {e.rows > 1 && <span className="muted">{t("preview.rows", { n: fmt.int(e.rows) })}</span>}
          </div>
          <div className="preview-who">
            {e.identities.map((i) => (
              <IdentityTag key={i.kind + i.value} identity={i} />
            ))}
          </div>
          <dl className="preview-facts">
            <div>
              <dt>{t("preview.time")}</dt>
              <dd>{fmt.time(e.time)}</dd>
            </div>
            {[...rowsOf(e.traits), ...rowsOf(e.properties)].slice(0, 8).map((r) => (
              <div key={r.key}>
                <dt>{r.key}</dt>
                <dd>{r.value}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ol>
  );
}

function Rejects({ rejects }: { rejects: ImportPreview["rejects"] }) {
  const t = useT("importer");
  const fmt = useFmt();
  const words = useRejectWords();
  if (rejects.length === 0) return <p className="muted">{t("preview.no_rejects")}</p>;
  return (
    <table className="plain">
      <tbody>
        {rejects.map((r) => (
          <tr key={r.line}>
            <th scope="row">{t("preview.line", { n: fmt.int(r.line) })}</th>
            <td className="preview-reason">{words(r)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
