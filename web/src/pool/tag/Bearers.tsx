import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useMemo, useState, type Key } from "react";
import { api, apiBase, call, once } from "../../api/client";
import type { Tag, TagBearer } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { Ago } from "../../ui/Ago";
import { DataList, type Column } from "../../ui/DataList";
import { useFmt } from "../../ui/format";
import { EmptyState, explain } from "../../ui/states";
import { usePeopleColumns } from "../people/peopleColumns";
import { useSource } from "./words";

const keys = ["name", "phone", "last_seen", "orders", "revenue"];

/** Who bears a tag, since when, until when, and who put it on. */
export function Bearers({ tag }: { tag: Tag }) {
  const t = useT("tag");
  const fmt = useFmt();
  const sourceWord = useSource();
  const may = useMay("operator") && tag.mode === "manual" && tag.state === "active";
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const [chosen, setChosen] = useState<Key[]>([]);
  const source = useInfiniteQuery({
    queryKey: ["tags", tag.key, "people", tag.people, tag.version],
    queryFn: ({ pageParam }) => call(api.GET("/tags/{key}/people", { params: { path: { key: tag.key }, query: { cursor: pageParam || undefined, limit: 50 } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
  });
  const remove = useMutation({
    mutationFn: () => call(api.POST("/tags/{key}/people", { params: { path: { key: tag.key }, header: { "Idempotency-Key": once() } }, body: { action: "remove", people: chosen.map(Number) } })),
    onSuccess: (run) => {
      void message.success(t("bulk.removed", { n: fmt.int(run.changed) }));
      setChosen([]);
      for (const k of ["tags", "people", "segments"]) void client.invalidateQueries({ queryKey: [k] });
    },
    onError: (err) => void message.error(explain(err)),
  });
  const usual = usePeopleColumns(keys);
  const columns = useMemo<Column<TagBearer>[]>(() => {
    const [name, ...rest] = usual as Column<TagBearer>[];
    return [
      ...(name ? [name] : []),
      { key: "since", title: t("col.since"), csv: (p) => p.since, render: (p) => <Ago at={p.since} /> },
      { key: "until", title: t("col.until"), csv: (p) => p.until, render: (p) => (p.until ? fmt.longDay(fmt.dayOf(p.until)) : <span className="muted">—</span>) },
      { key: "source", title: t("col.source"), csv: (p) => p.source, render: (p) => sourceWord(p.source) },
      { key: "author", title: t("col.author"), csv: (p) => p.author, render: (p) => p.author || <span className="muted">—</span> },
      { key: "note", title: t("bulk.note"), csv: (p) => p.note, render: (p) => p.note },
      ...rest.map((c) => ({ ...c, shown: c.key !== "revenue" && c.key !== "orders" })),
    ];
  }, [usual, t, fmt, sourceWord]);
  return (
    <DataList<TagBearer>
      id="tag.people"
      source={source}
      columns={columns}
      rowKey={(p) => p.id}
      rowHref={(p) => `/pool/people/${p.id}`}
      csvHref={(shown) => `${apiBase}/tags/${encodeURIComponent(tag.key)}/export.csv?columns=${encodeURIComponent(shown.join(","))}`}
      bulk={
        may
          ? {
              chosen,
              onChange: setChosen,
              actions: (
                <Button danger onClick={() => modal.confirm({ title: t("bulk.ask_remove", { title: tag.title, n: fmt.int(chosen.length) }), icon: null, okText: t("bulk.remove"), onOk: () => remove.mutateAsync().catch(() => undefined) })}>
                  {t("bulk.remove")}
                </Button>
              ),
            }
          : undefined
      }
      empty={<EmptyState title={t("nobody")} text={t(tag.mode === "rule" ? "nobody_rule" : "nobody_hand")} />}
    />
  );
}
