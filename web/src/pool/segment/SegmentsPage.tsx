import { PlusOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { useState, type Key } from "react";
import type { Segment, SegmentMode } from "../../api/rules";
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
import { Spark } from "../definition/Spark";
import { askAgain, StateMark } from "../definition/StateMark";
import { useTwo } from "../rule/two";
import { segmentsQuery } from "./queries";
import { overlapMost } from "./routes";
import "./segment.css";

/** All segments with their size at this moment. */
export function SegmentsPage() {
  const t = useT("segment");
  const fmt = useFmt();
  const two = useTwo();
  const search = useSearch({ from: "/shell/pool/segments" });
  const navigate = useNavigate();
  const router = useRouter();
  const mayOperate = useMay("operator");
  const [chosen, setChosen] = useState<Key[]>([]);
  const query = useQuery({
    ...segmentsQuery(search.q, search.mode, search.archived === "1"),
    placeholderData: keepPreviousData,
    refetchInterval: (q) => askAgain(q.state.data?.items.map((s) => s.progress)),
  });
  const go = (next: typeof search) => {
    if (router.latestLocation.pathname === "/pool/segments") void navigate({ to: "/pool/segments", search: next, replace: true });
  };
  const all = query.data?.items ?? [];
  const entered = all.reduce((n, s) => n + s.entered_today, 0);
  const left = all.reduce((n, s) => n + s.left_today, 0);
  const narrowed = search.q !== undefined || search.mode !== undefined || search.archived !== undefined;

  const columns: Column<Segment>[] = [
    {
      key: "title",
      title: t("col.title"),
      csv: (s) => s.title,
      render: (s) => (
        <span className="def-title">
          <span className="row">
            <b>
              <Link to="/pool/segments/$key" params={{ key: s.key }}>
                {s.title}
              </Link>
            </b>
            {s.mode === "static" && <Pill help={t("static_help")}>{t("mode.static")}</Pill>}
          </span>
          <small title={s.description || two(s.rule?.sentence)}>{s.description || two(s.rule?.sentence)}</small>
        </span>
      ),
    },
    {
      key: "people",
      title: t("col.people"),
      number: true,
      csv: (s) => s.people,
      render: (s) => (
        <span className="def-people">
          <b className="segment-size">{fmt.int(s.people)}</b>
          <span className="def-bar" title={fmt.pct(s.share)} aria-hidden>
            <i style={{ width: `${Math.min(100, s.share * 100)}%` }} />
          </span>
        </span>
      ),
    },
    { key: "share", title: t("col.share"), number: true, csv: (s) => s.share, render: (s) => fmt.pct(s.share) },
    {
      key: "today",
      title: t("col.today"),
      csv: (s) => `+${s.entered_today} -${s.left_today}`,
      render: (s) => (s.mode === "static" ? <span className="muted">—</span> : <Flow entered={s.entered_today} left={s.left_today} />),
    },
    { key: "trend", title: t("col.trend"), render: (s) => <Spark values={s.trend.map((p) => p.people)} label={t("trend_aria", { title: s.title })} /> },
    { key: "state", title: t("col.state"), csv: (s) => s.state, render: (s) => (s.mode === "static" ? <span className="muted">{s.taken_at && fmt.longDay(fmt.dayOf(s.taken_at))}</span> : <StateMark state={s.state} progress={s.progress} />) },
    { key: "updated", title: t("col.updated"), csv: (s) => s.updated_at, render: (s) => <Ago at={s.updated_at} />, shown: false },
    { key: "author", title: t("col.author"), csv: (s) => s.author, render: (s) => s.author, shown: false },
    { key: "key", title: t("definition:field.key"), csv: (s) => s.key, render: (s) => <code>{s.key}</code>, shown: false },
  ];

  return (
    <>
      <PageHead
        title={t("nav")}
        answer={query.data && all.length > 0 && !narrowed && <Rich text={t("answer", { count: all.length, n: fmt.int(all.length), entered: fmt.int(entered), left: fmt.int(left) })} />}
        actions={
          mayOperate && (
            <Link to="/pool/segments/new">
              <ActButton icon={<PlusOutlined aria-hidden />}>{t("new")}</ActButton>
            </Link>
          )
        }
      />
      <DataList
        id="segments"
        source={wholeList(query)}
        columns={columns}
        rowKey={(s) => s.key}
        rowHref={(s) => `/pool/segments/${encodeURIComponent(s.key)}`}
        search={{ value: search.q ?? "", onChange: (q) => go({ ...search, q: q.trim() || undefined }), placeholder: t("search") }}
        filters={
          <Segmented<SegmentMode | "all" | "archived">
            value={search.archived ? "archived" : (search.mode ?? "all")}
            onChange={(v) => go({ q: search.q, mode: v === "live" || v === "static" ? v : undefined, archived: v === "archived" ? "1" : undefined })}
            options={(["all", "live", "static", "archived"] as const).map((v) => ({ value: v, label: t(`filter.${v}`) }))}
          />
        }
        chips={[]}
        bulk={{
          chosen,
          onChange: setChosen,
          actions: (
            <Button
              disabled={chosen.length < 2 || chosen.length > overlapMost}
              title={t("overlap.pick", { most: overlapMost })}
              onClick={() => void navigate({ to: "/pool/segments/overlap", search: { s: chosen.map(String) } })}
            >
              {t("overlap.go")}
            </Button>
          ),
        }}
        empty={
          narrowed ? (
            <EmptyState title={t("ui:list.none_title")} text={t("ui:list.none_text")} action={<Button onClick={() => go({})}>{t("ui:list.clear")}</Button>} />
          ) : (
            <NoSegments may={mayOperate} />
          )
        }
      />
    </>
  );
}

const example = 'count("Order Completed", "90d") >= 2 && days_since_last("Order Completed") >= 30';

function NoSegments({ may }: { may: boolean }) {
  const t = useT("segment");
  return (
    <EmptyState
      title={t("empty.title")}
      text={t("empty.text")}
      example={
        <>
          <p className="muted">{t("empty.example")}</p>
          <code>{example}</code>
        </>
      }
      action={
        may && (
          <div className="row">
            <Link to="/pool/segments/new">
              <Button type="primary">{t("new")}</Button>
            </Link>
            <Link to="/pool/segments/new" search={{ rule: example, title: t("empty.example_title") }}>
              <Button>{t("empty.try")}</Button>
            </Link>
          </div>
        )
      }
    />
  );
}
