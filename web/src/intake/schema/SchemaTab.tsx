import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { api, call } from "../../api/client";
import type { EventSchema } from "../../api/types";
import { useT } from "../../app/i18n";
import { EventMark } from "../../pool/event/EventMark";
import { useEventWords } from "../../pool/event/words";
import { Ago } from "../../ui/Ago";
import { DataList, type Column } from "../../ui/DataList";
import { useFmt } from "../../ui/format";
import { EmptyState } from "../../ui/states";

type Row = Omit<EventSchema, "type"> & { type: "track" | "identify" | "page" | "screen" | "group" | "alias" };

const shownProperties = 8;

/** Which events occur, how often and with which properties. */
export function SchemaTab() {
  const t = useT("schema");
  const fmt = useFmt();
  const words = useEventWords();
  const { q = "" } = useSearch({ from: "/shell/settings/intake/schema" });
  const navigate = useNavigate({ from: "/settings/intake/schema" });
  const query = useQuery({ queryKey: ["intake", "schema"], queryFn: () => call(api.GET("/intake/schema")), staleTime: 60_000 });
  const rows = useMemo(() => {
    const text = q.toLowerCase();
    const all = (query.data?.items ?? []) as Row[];
    return all.filter((r) => [r.name, words(r).title, ...(r.properties ?? [])].some((s) => s.toLowerCase().includes(text))).sort((a, b) => b.events - a.events);
  }, [query.data, q, words]);
  const columns: Column<Row>[] = [
    {
      key: "name",
      title: t("name"),
      render: (r) => {
        const w = words(r);
        return (
          <span className="schema-name">
            <EventMark event={r} />
            <span>
              {w.title} {w.raw !== "" && <span className="muted">{w.raw}</span>}
            </span>
          </span>
        );
      },
      csv: (r) => r.name,
    },
    { key: "type", title: t("type"), render: (r) => <code>{r.type}</code>, csv: (r) => r.type },
    { key: "events", title: t("events"), number: true, render: (r) => fmt.int(r.events), csv: (r) => r.events },
    { key: "people", title: t("people"), number: true, shown: false, render: (r) => (r.people === undefined ? "—" : fmt.int(r.people)), csv: (r) => r.people },
    {
      key: "properties",
      title: t("properties"),
      render: (r) => (
        <span className="schema-props" title={r.properties?.join(", ")}>
          {(r.properties ?? []).slice(0, shownProperties).map((p) => (
            <code key={p}>{p}</code>
          ))}
          {(r.properties?.length ?? 0) > shownProperties && <span className="muted">+{r.properties.length - shownProperties}</span>}
        </span>
      ),
      csv: (r) => (r.properties ?? []).join(" "),
    },
    { key: "first", title: t("first"), render: (r) => <Ago at={r.first_at} />, csv: (r) => r.first_at, shown: false },
    { key: "last", title: t("last"), render: (r) => <Ago at={r.last_at} />, csv: (r) => r.last_at },
  ];
  return (
    <DataList
      id="event-catalogue"
      source={{
        data: query.data && { pages: [{ items: rows, total: rows.length }] },
        error: query.error,
        isError: query.isError,
        isFetching: query.isFetching,
        isFetchingNextPage: false,
        hasNextPage: false,
        fetchNextPage: () => undefined,
        refetch: query.refetch,
      }}
      columns={columns}
      rowKey={(r) => `${r.type} ${r.name}`}
      search={{ value: q, onChange: (text) => void navigate({ search: { q: text || undefined }, replace: true }), placeholder: t("search") }}
      empty={<EmptyState title={t("empty.title")} text={t("empty.text")} />}
    />
  );
}
