import { EditOutlined, LeftOutlined, MoreOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { App, Button, Dropdown, Tabs } from "antd";
import { api, apiBase, call } from "../../api/client";
import type { DefinitionState, Tag } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { ActButton } from "../../ui/ActButton";
import { useFmt } from "../../ui/format";
import { PageHead } from "../../ui/PageHead";
import { Rich } from "../../ui/Rich";
import { Await, explain } from "../../ui/states";
import { RuleCard } from "../definition/RuleCard";
import { askAgain, ProgressNote, StateMark } from "../definition/StateMark";
import { Versions } from "../definition/Versions";
import { Bearers } from "./Bearers";
import { tagQuery, tagsQuery } from "./queries";
import type { TagTab } from "./routes";
import { TagHistory } from "./TagHistory";
import "./tag.css";

/** One tag: who bears it, since when and from whom; and its history. */
export function TagPage() {
  const { key } = useParams({ from: "/shell/pool/tags/$key" });
  const query = useQuery({ ...tagQuery(key), refetchInterval: (q) => askAgain(q.state.data && [q.state.data.data.progress], 5_000) });
  return <Await query={query}>{({ data }) => <Loaded key={data.key} tag={data} />}</Await>;
}

function Loaded({ tag }: { tag: Tag }) {
  const t = useT("tag");
  const fmt = useFmt();
  const may = useMay("operator");
  const client = useQueryClient();
  const { tab = "people" } = useSearch({ from: "/shell/pool/tags/$key" });
  const navigate = useNavigate({ from: "/pool/tags/$key" });
  const group = useQuery(tagsQuery()).data?.groups.find((g) => g.key === tag.group);
  return (
    <>
      <PageHead
        title={tag.title}
        mark={<i className="tag-mark" style={{ background: tag.color || undefined }} aria-hidden />}
        above={
          <Link to="/pool/tags" className="back">
            <LeftOutlined aria-hidden /> {t("nav")}
          </Link>
        }
        answer={
          <>
            <StateMark state={tag.state} progress={tag.progress} /> <Rich text={t("page.answer", { n: fmt.int(tag.people), added: fmt.int(tag.added_today), removed: fmt.int(tag.removed_today) })} />{" "}
            {group && <span className="muted">{t(group.exclusive ? "page.group_exclusive" : "page.group", { title: group.title })} </span>}
            {tag.expires_days > 0 && <span className="muted">{t("page.expires", { n: tag.expires_days })}</span>}
            {tag.description !== "" && <span className="segment-said">{tag.description}</span>}
          </>
        }
        actions={
          <>
            {may && tag.state !== "archived" && (
              <Link to="/pool/tags/$key/edit" params={{ key: tag.key }}>
                <ActButton icon={<EditOutlined aria-hidden />}>{t("definition:act.edit")}</ActButton>
              </Link>
            )}
            <Actions tag={tag} />
          </>
        }
      />
      <ProgressNote progress={tag.progress} />
      <div className="stack">
        {tag.rule && <RuleCard title={t("who")} rule={tag.rule} />}
        <Tabs
          activeKey={tab}
          destroyOnHidden
          onChange={(next) => void navigate({ search: { tab: next === "people" ? undefined : (next as TagTab) }, replace: true })}
          items={[
            { key: "people", label: t("tab.people"), children: <Bearers tag={tag} /> },
            { key: "history", label: t("tab.history"), children: <section className="card"><TagHistory tag={tag.key} /></section> },
            { key: "versions", label: t("definition:versions.title"), children: <section className="card"><Versions kind="tag" id={tag.key} onDone={() => void client.invalidateQueries({ queryKey: ["tags"] })} /></section> },
          ]}
        />
      </div>
    </>
  );
}

function Actions({ tag }: { tag: Tag }) {
  const t = useT("tag");
  const may = useMay("operator");
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message, modal } = App.useApp();
  const state = useMutation({
    mutationFn: (to: DefinitionState) => call(api.POST("/tags/{key}/state", { params: { path: { key: tag.key } }, body: { state: to } })),
    onSuccess: async (_, to) => {
      void message.success(t("definition:act.done"));
      await client.invalidateQueries({ queryKey: ["tags"] });
      if (to === "archived") void navigate({ to: "/pool/tags" });
    },
    onError: (err) => void message.error(explain(err)),
  });
  const ask = (to: "paused" | "archived") =>
    modal.confirm({
      title: t(to === "paused" ? "definition:act.ask_pause" : "definition:act.ask_archive", { title: tag.title }),
      icon: null,
      content: t(to === "paused" ? "definition:act.pause_text" : "definition:act.archive_text"),
      okText: t(to === "paused" ? "definition:act.pause" : "definition:act.archive"),
      onOk: () => state.mutateAsync(to).catch(() => undefined),
    });
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          ...(may && tag.state === "active" && tag.mode === "rule" ? [{ key: "pause", label: t("definition:act.pause"), onClick: () => ask("paused") }] : []),
          ...(may && tag.state !== "active" ? [{ key: "activate", label: t("definition:act.activate"), onClick: () => state.mutate("active") }] : []),
          { key: "segment", label: t("page.to_segment"), onClick: () => void navigate({ to: "/pool/segments/new", search: { rule: `has_tag(${JSON.stringify(tag.key)})`, title: tag.title } }) },
          { key: "export", label: <a href={`${apiBase}/tags/${encodeURIComponent(tag.key)}/export.csv`}>{t("definition:act.export")}</a> },
          ...(may && tag.state !== "archived" ? [{ type: "divider" as const }, { key: "archive", danger: true, label: t("definition:act.archive"), onClick: () => ask("archived") }] : []),
        ],
      }}
    >
      <Button icon={<MoreOutlined aria-hidden />} aria-label={t("definition:act.more")} loading={state.isPending && { delay: 300 }} />
    </Dropdown>
  );
}
