import { EditOutlined, ImportOutlined, PlusOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { useState } from "react";
import type { Tag, TagGroup, TagMode } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { ActButton } from "../../ui/ActButton";
import { Ago } from "../../ui/Ago";
import { DataList, wholeList, type Column } from "../../ui/DataList";
import { useFmt } from "../../ui/format";
import { PageHead } from "../../ui/PageHead";
import { Pill } from "../../ui/Pill";
import { Rich } from "../../ui/Rich";
import { EmptyState } from "../../ui/states";
import { Flow } from "../definition/Flow";
import { askAgain, StateMark } from "../definition/StateMark";
import { useTwo } from "../rule/two";
import { GroupDialog } from "./GroupDialog";
import { ImportDialog } from "./ImportDialog";
import { tagsQuery } from "./queries";
import { TagChip } from "./TagChip";
import "./tag.css";

/** All tags by group, with how many people bear them. */
export function TagsPage() {
  const t = useT("tag");
  const fmt = useFmt();
  const two = useTwo();
  const search = useSearch({ from: "/shell/pool/tags" });
  const navigate = useNavigate();
  const router = useRouter();
  const may = useMay("operator");
  const [grouping, setGrouping] = useState<TagGroup | "new">();
  const [importing, setImporting] = useState(false);
  const query = useQuery({
    ...tagsQuery({ q: search.q, group: search.group, mode: search.mode, archived: search.archived === "1" }),
    placeholderData: keepPreviousData,
    refetchInterval: (q) => askAgain(q.state.data?.items.map((s) => s.progress), 5_000),
  });
  const go = (next: typeof search) => {
    if (router.latestLocation.pathname === "/pool/tags") void navigate({ to: "/pool/tags", search: next, replace: true });
  };
  const items = query.data?.items ?? [];
  const groups = query.data?.groups ?? [];
  const groupOf = (key: string) => groups.find((g) => g.key === key);
  const narrowed = search.q !== undefined || search.mode !== undefined || search.group !== undefined || search.archived !== undefined;

  const columns: Column<Tag>[] = [
    {
      key: "title",
      title: t("nav"),
      csv: (s) => s.title,
      render: (s) => (
        <span className="tag-cell">
          <TagChip tag={s} />
          {(s.description || s.rule) && <small title={s.description || two(s.rule?.sentence)}>{s.description || two(s.rule?.sentence)}</small>}
        </span>
      ),
    },
    { key: "group", title: t("definition:field.group"), csv: (s) => groupOf(s.group)?.title ?? "", render: (s) => groupOf(s.group)?.title ?? <span className="muted">—</span> },
    { key: "mode", title: t("col.mode"), csv: (s) => t(`mode.${s.mode}`), render: (s) => t(`mode.${s.mode}`) },
    { key: "people", title: t("col.people"), number: true, csv: (s) => s.people, render: (s) => <b>{fmt.int(s.people)}</b> },
    { key: "today", title: t("col.today"), csv: (s) => `+${s.added_today} -${s.removed_today}`, render: (s) => <Flow entered={s.added_today} left={s.removed_today} /> },
    { key: "expires", title: t("col.expires"), csv: (s) => s.expires_days, render: (s) => (s.expires_days === 0 ? <span className="muted">{t("never")}</span> : t("expires_days", { n: s.expires_days })) },
    { key: "state", title: t("definition:field.state"), csv: (s) => s.state, render: (s) => <StateMark state={s.state} progress={s.progress} /> },
    { key: "updated", title: t("segment:col.updated"), csv: (s) => s.updated_at, render: (s) => <Ago at={s.updated_at} />, shown: false },
    { key: "key", title: t("definition:field.key"), csv: (s) => s.key, render: (s) => <code>{s.key}</code>, shown: false },
  ];

  return (
    <>
      <PageHead
        title={t("nav")}
        answer={query.data && items.length > 0 && !narrowed && <Rich text={t("answer", { count: items.length, n: fmt.int(items.length), groups: fmt.int(groups.length) })} />}
        actions={
          may && (
            <>
              <Button icon={<ImportOutlined aria-hidden />} onClick={() => setImporting(true)}>
                {t("import.action")}
              </Button>
              <Link to="/pool/tags/new" search={{ group: search.group }}>
                <ActButton icon={<PlusOutlined aria-hidden />}>{t("new")}</ActButton>
              </Link>
            </>
          )
        }
      />
      <div className="stack">
        {query.data && (groups.length > 0 || may) && (
          <div className="tag-groups">
            {groups
              .filter((g) => g.state !== "archived")
              .map((g) => (
                <div key={g.key} className={`tag-group ${search.group === g.key ? "on" : ""}`}>
                  <button type="button" className="name" aria-pressed={search.group === g.key} title={g.description} onClick={() => go({ ...search, group: search.group === g.key ? undefined : g.key })}>
                    {g.title} <span className="muted">{fmt.int(g.tags)}</span>
                  </button>
                  {g.exclusive && <Pill help={t("exclusive_help")}>{t("exclusive")}</Pill>}
                  {may && <Button type="text" size="small" icon={<EditOutlined aria-hidden />} aria-label={t("group.edit", { title: g.title })} onClick={() => setGrouping(g)} />}
                </div>
              ))}
            {may && (
              <Button type="dashed" icon={<PlusOutlined aria-hidden />} onClick={() => setGrouping("new")}>
                {t("group.new")}
              </Button>
            )}
          </div>
        )}
        <DataList
          id="tags"
          source={wholeList(query)}
          columns={columns}
          rowKey={(s) => s.key}
          rowHref={(s) => `/pool/tags/${encodeURIComponent(s.key)}`}
          search={{ value: search.q ?? "", onChange: (q) => go({ ...search, q: q.trim() || undefined }), placeholder: t("search") }}
          filters={
            <Segmented<TagMode | "all" | "archived">
              value={search.archived ? "archived" : (search.mode ?? "all")}
              onChange={(v) => go({ q: search.q, group: search.group, mode: v === "manual" || v === "rule" ? v : undefined, archived: v === "archived" ? "1" : undefined })}
              options={[
                { value: "all", label: t("segment:filter.all") },
                { value: "manual", label: t("mode.manual") },
                { value: "rule", label: t("mode.rule") },
                { value: "archived", label: t("definition:state.archived") },
              ]}
            />
          }
          empty={
            narrowed ? (
              <EmptyState title={t("ui:list.none_title")} text={t("ui:list.none_text")} action={<Button onClick={() => go({})}>{t("ui:list.clear")}</Button>} />
            ) : (
              <EmptyState
                title={t("empty.title")}
                text={t("empty.text")}
                action={
                  may && (
                    <Link to="/pool/tags/new">
                      <Button type="primary">{t("new")}</Button>
                    </Link>
                  )
                }
              />
            )
          }
        />
      </div>
      {grouping !== undefined && <GroupDialog group={grouping === "new" ? undefined : grouping} onClose={() => setGrouping(undefined)} />}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </>
  );
}
