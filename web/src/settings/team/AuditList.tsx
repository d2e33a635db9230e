import { useInfiniteQuery } from "@tanstack/react-query";
import i18next from "i18next";
import { api, call } from "../../api/client";
import type { AuditEntry, Change } from "../../api/types";
import { useT } from "../../app/i18n";
import { Ago } from "../../ui/Ago";
import { DataList, type Column } from "../../ui/DataList";
import { useFmt } from "../../ui/format";
import { EmptyState } from "../../ui/states";

/** What an action is called; an action without words of its own keeps its code. */
function actionWord(action: string): string {
  const key = `team:audit.action.${action}`;
  return i18next.exists(key) && typeof i18next.t(key) === "string" ? i18next.t(key) : action;
}

function keyWord(key: string): string {
  const word = `team:audit.key.${key}`;
  return i18next.exists(word) ? i18next.t(word) : key;
}

const word = (v: unknown): string => (typeof v === "string" ? v : (JSON.stringify(v) ?? "—"));

/** A detail in a few words; changes as "path: from → to". */
function brief(v: unknown): string {
  if (!Array.isArray(v)) return word(v);
  return v.map((each: unknown) => (isChange(each) ? `${each.path}: ${word(each.from)} → ${word(each.to)}` : word(each))).join("; ");
}

const isChange = (v: unknown): v is Change => typeof v === "object" && v !== null && "path" in v && "to" in v;

/** Nothing to tell: a note nobody wrote, a list without entries. */
const isBlank = (v: unknown): boolean => v === null || v === "" || (Array.isArray(v) && v.length === 0);

/** Who did what, newest first; nothing can be taken out of it. */
export function AuditList() {
  const t = useT("team");
  const fmt = useFmt();
  const audit = useInfiniteQuery({
    queryKey: ["audit"],
    queryFn: ({ pageParam }) => call(api.GET("/audit", { params: { query: { cursor: pageParam || undefined, limit: 50 } } })),
    initialPageParam: "",
    getNextPageParam: (p) => p.next || undefined,
  });
  const columns: Column<AuditEntry>[] = [
    { key: "at", title: t("audit.at"), csv: (e) => e.at, render: (e) => <Ago at={e.at} /> },
    { key: "time", title: t("audit.time"), csv: (e) => fmt.time(e.at), render: (e) => fmt.time(e.at), shown: false },
    { key: "actor", title: t("audit.actor"), csv: (e) => e.actor, render: (e) => (e.actor === "system" ? t("audit.system") : e.actor) },
    { key: "action", title: t("audit.what"), csv: (e) => e.action, render: (e) => <span title={e.action}>{actionWord(e.action)}</span> },
    { key: "target", title: t("audit.target"), csv: (e) => e.target, render: (e) => <code>{e.target}</code> },
    {
      key: "detail",
      title: t("audit.detail"),
      csv: (e) => JSON.stringify(e.detail),
      render: (e) => (
        <span className="audit-detail" title={JSON.stringify(e.detail)}>
          {Object.entries(e.detail ?? {}).filter(([, v]) => !isBlank(v)).map(([k, v]) => (
            <span key={k}>
              <span className="muted">{keyWord(k)}</span> {brief(v)}
            </span>
          ))}
        </span>
      ),
    },
  ];
  return (
    <DataList<AuditEntry>
      id="audit"
      source={audit}
      columns={columns}
      rowKey={(e) => e.id}
      empty={<EmptyState title={t("audit.none")} text={t("audit.none_text")} />}
    />
  );
}
