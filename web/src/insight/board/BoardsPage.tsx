import { DownOutlined, PlusOutlined } from "@ant-design/icons";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { App, Button, Checkbox, Dropdown, Tabs } from "antd";
import type { Board } from "../../api/boards";
import { api, call, once } from "../../api/client";
import { useT } from "../../app/i18n";
import { useLang } from "../../app/prefs";
import { useMay } from "../../app/session";
import { ActButton } from "../../ui/ActButton";
import { Ago } from "../../ui/Ago";
import { DataList, wholeList, type Column } from "../../ui/DataList";
import { useFmt } from "../../ui/format";
import { PageHead } from "../../ui/PageHead";
import { EmptyState, explain } from "../../ui/states";
import { ChartsTab } from "./ChartsTab";
import { boardsChanged, boardsQuery, templatesQuery } from "./queries";
import "./board.css";

/** All boards and saved charts. */
export function BoardsPage() {
  const t = useT("board");
  const fmt = useFmt();
  const search = useSearch({ from: "/shell/insight/boards" });
  const navigate = useNavigate({ from: "/insight/boards" });
  const mayOperate = useMay("operator");
  const query = useQuery({ ...boardsQuery(search.q, search.archived === "1"), placeholderData: keepPreviousData });
  const templates = useQuery(templatesQuery).data?.items ?? [];
  const make = useMake();
  const n = query.data?.items.length ?? 0;
  const columns: Column<Board>[] = [
    {
      key: "title",
      title: t("col.title"),
      csv: (b) => b.title,
      render: (b) => (
        <span className="def-title">
          <b>
            <Link to="/insight/boards/$key" params={{ key: b.key }}>
              {b.title}
            </Link>
          </b>
          <small title={b.description}>{b.description}</small>
        </span>
      ),
    },
    { key: "charts", title: t("col.charts"), number: true, csv: (b) => b.charts.length, render: (b) => fmt.int(b.charts.length) },
    { key: "author", title: t("col.author"), csv: (b) => b.author, render: (b) => (b.author === "system" ? t("team:audit.system") : b.author) },
    { key: "updated", title: t("col.updated"), csv: (b) => b.updated_at, render: (b) => <Ago at={b.updated_at} /> },
  ];
  const menu = { items: [{ key: "", label: t("new_empty") }, ...templates.map((x) => ({ key: x.name, label: t(`template.${x.name}`, { defaultValue: x.name }) }))], onClick: ({ key }: { key: string }) => make.mutate(key) };
  return (
    <>
      <PageHead
        title={t("nav")}
        answer={search.tab !== "charts" && n > 0 && search.q === undefined && t("answer", { count: n, n: fmt.int(n) })}
        actions={
          mayOperate && (
            <Dropdown menu={menu} trigger={["click"]}>
              <ActButton icon={<PlusOutlined aria-hidden />} loading={make.isPending && { delay: 300 }}>
                {t("new")} <DownOutlined aria-hidden />
              </ActButton>
            </Dropdown>
          )
        }
      />
      <Tabs
        activeKey={search.tab ?? "boards"}
        destroyOnHidden
        onChange={(tab) => void navigate({ search: { tab: tab === "charts" ? "charts" : undefined }, replace: true })}
        items={[
          {
            key: "boards",
            label: t("tab.boards"),
            children: (
              <DataList<Board>
                id="boards"
                source={wholeList(query)}
                columns={columns}
                rowKey={(b) => b.key}
                rowHref={(b) => `/insight/boards/${encodeURIComponent(b.key)}`}
                search={{ value: search.q ?? "", onChange: (q) => void navigate({ search: { ...search, q: q.trim() || undefined }, replace: true }), placeholder: t("search") }}
                filters={
                  <Checkbox checked={search.archived === "1"} onChange={(e) => void navigate({ search: { ...search, archived: e.target.checked ? "1" : undefined }, replace: true })}>
                    {t("archived")}
                  </Checkbox>
                }
                empty={
                  search.archived ? (
                    <EmptyState title={t("none_archived")} />
                  ) : (
                    <EmptyState
                      title={t("empty.title")}
                      text={t("empty.text")}
                      action={
                        mayOperate && (
                          <div className="row">
                            {templates.map((x) => (
                              <Button key={x.name} type={x === templates[0] ? "primary" : "default"} loading={make.isPending && make.variables === x.name} onClick={() => make.mutate(x.name)}>
                                {t(`template.${x.name}`, { defaultValue: x.name })}
                              </Button>
                            ))}
                            <Button onClick={() => make.mutate("")}>{t("new_empty")}</Button>
                          </div>
                        )
                      }
                    />
                  )
                }
              />
            ),
          },
          { key: "charts", label: t("tab.charts"), children: <ChartsTab /> },
        ]}
      />
    </>
  );
}

/** Makes a board, empty ("") or from a template, and opens it. */
function useMake() {
  const t = useT("board");
  const lang = useLang();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: (name: string) => {
      const header = { "Idempotency-Key": once() };
      return name === ""
        ? call(api.POST("/insight/boards", { params: { header }, body: { title: t("untitled"), filters: { last: 30 } } }))
        : call(api.POST("/insight/board-templates/{name}", { params: { path: { name }, header }, body: { lang } }));
    },
    onSuccess: async (made, name) => {
      await boardsChanged(client);
      void navigate({ to: "/insight/boards/$key", params: { key: made.key }, search: name === "" ? { edit: "1" } : {} });
    },
    onError: (err) => void message.error(explain(err)),
  });
}
