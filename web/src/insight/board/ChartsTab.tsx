import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Checkbox, Drawer, Dropdown } from "antd";
import { MoreOutlined } from "@ant-design/icons";
import { useState } from "react";
import type { SavedChart, ShelfState } from "../../api/boards";
import { api, call } from "../../api/client";
import { charts } from "../../app/charts";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { Versions } from "../../pool/definition/Versions";
import { Ago } from "../../ui/Ago";
import { DataList, wholeList, type Column } from "../../ui/DataList";
import { Pill } from "../../ui/Pill";
import { EmptyState, explain } from "../../ui/states";
import { searchOf } from "../query/useQueryState";
import { ChartDialog } from "./ChartDialog";
import { boardsChanged, savedChartsQuery } from "./queries";

/** Where a saved chart's question is asked; undefined for a kind without a page. */
export const pageOf = (chart: Pick<SavedChart, "kind">): string | undefined => charts.find((c) => c.kind === chart.kind)?.to;

/** All saved charts. */
export function ChartsTab() {
  const t = useT("board");
  const mayOperate = useMay("operator");
  const client = useQueryClient();
  const { message } = App.useApp();
  const [q, setQ] = useState("");
  const [archived, setArchived] = useState(false);
  const [edited, setEdited] = useState<SavedChart>();
  const [history, setHistory] = useState<SavedChart>();
  const query = useQuery({ ...savedChartsQuery(q || undefined, archived), placeholderData: keepPreviousData });
  const state = useMutation({
    mutationFn: ({ chart, to }: { chart: SavedChart; to: ShelfState }) => call(api.POST("/insight/charts/{key}/state", { params: { path: { key: chart.key } }, body: { state: to } })),
    onSuccess: async (_, { chart, to }) => {
      await boardsChanged(client);
      const key = `chart-${chart.key}`;
      if (to === "active") return void message.success({ key, content: t("chart.back") });
      void message.success({
        key,
        duration: 8,
        content: (
          <>
            {t("chart.gone", { title: chart.title })}{" "}
            <Button type="link" size="small" onClick={() => state.mutate({ chart, to: "active" })}>
              {t("undo")}
            </Button>
          </>
        ),
      });
    },
    onError: (err) => void message.error(explain(err)),
  });
  const columns: Column<SavedChart>[] = [
    {
      key: "title",
      title: t("col.title"),
      csv: (c) => c.title,
      render: (c) => {
        const to = pageOf(c);
        return (
          <span className="def-title">
            <b>
              {to === undefined ? (
                c.title
              ) : (
                <Link to={to} search={searchOf(c.query as object) as never}>
                  {c.title}
                </Link>
              )}
            </b>
            <small title={c.description}>{c.description}</small>
          </span>
        );
      },
    },
    { key: "kind", title: t("col.kind"), csv: (c) => c.kind, render: (c) => <Pill>{t(`${c.kind}:nav`, { defaultValue: c.kind })}</Pill> },
    {
      key: "boards",
      title: t("col.on"),
      csv: (c) => c.boards.map((b) => b.title).join(", "),
      render: (c) =>
        c.boards.length === 0 ? (
          <span className="muted">—</span>
        ) : (
          <span className="tag-list">
            {c.boards.map((b) => (
              <Link key={b.key} to="/insight/boards/$key" params={{ key: b.key }}>
                {b.title}
              </Link>
            ))}
          </span>
        ),
    },
    { key: "updated", title: t("col.updated"), csv: (c) => c.updated_at, render: (c) => <Ago at={c.updated_at} /> },
    { key: "author", title: t("col.author"), csv: (c) => c.author, render: (c) => c.author, shown: false },
    {
      key: "act",
      title: "",
      render: (c) => (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: [
              ...(mayOperate && c.state === "active" ? [{ key: "edit", label: t("chart.edit"), onClick: () => setEdited(c) }] : []),
              { key: "history", label: t("definition:versions.title"), onClick: () => setHistory(c) },
              ...(mayOperate ? [{ key: "state", label: t(c.state === "active" ? "chart.remove" : "chart.restore"), onClick: () => state.mutate({ chart: c, to: c.state === "active" ? "archived" : "active" }) }] : []),
            ],
          }}
        >
          <Button type="text" size="small" icon={<MoreOutlined aria-hidden />} aria-label={t("chart.acts", { title: c.title })} />
        </Dropdown>
      ),
    },
  ];
  return (
    <>
      <DataList<SavedChart>
        id="saved-charts"
        source={wholeList(query)}
        columns={columns}
        rowKey={(c) => c.key}
        search={{ value: q, onChange: (text) => setQ(text.trim()), placeholder: t("search_charts") }}
        filters={
          <Checkbox checked={archived} onChange={(e) => setArchived(e.target.checked)}>
            {t("archived")}
          </Checkbox>
        }
        empty={<EmptyState title={t("empty.charts_title")} text={t("empty.charts_text")} />}
      />
      {edited && <ChartDialog chart={edited} onClose={() => setEdited(undefined)} />}
      {history && (
        <Drawer open size={640} title={history.title} onClose={() => setHistory(undefined)}>
          <Versions kind="chart" id={history.key} onDone={() => void boardsChanged(client)} />
        </Drawer>
      )}
    </>
  );
}
