import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { App, Button, Segmented } from "antd";
import { useState, type Key } from "react";
import { api, call } from "../../api/client";
import type { Rejected } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { Ago } from "../../ui/Ago";
import { DataList, type Column } from "../../ui/DataList";
import { useFmt } from "../../ui/format";
import { Pill } from "../../ui/Pill";
import { EmptyState, explain } from "../../ui/states";
import { rejectedStates, type RejectedState } from "../routes";
import { useReasons } from "./reasons";
import { RejectedBody } from "./RejectedBody";
import { useRefresh, useRejected } from "./useRejected";

const tones = { open: "act", replayed: "teal", dropped: "quiet" } as const;

/** Events that intake refused: why, what to do, fix, replay or drop them. */
export function RejectedTab() {
  const t = useT("rejected");
  const fmt = useFmt();
  const reasons = useReasons();
  const { modal, message } = App.useApp();
  const mayOperate = useMay("operator");
  const search = useSearch({ from: "/shell/settings/intake/rejected" });
  const { code, source, state = "open" } = search;
  const navigate = useNavigate({ from: "/settings/intake/rejected" });
  const list = useRejected(state, code, source);
  const refresh = useRefresh();
  const [chosen, setChosen] = useState<Key[]>([]);
  const codes = list.data?.pages[0]?.by_code ?? [];
  const current = codes.find((c) => c.code === code);

  const after = async () => {
    setChosen([]);
    await refresh();
  };
  const replay = useMutation({
    mutationFn: (what: { ids?: number[]; all?: boolean; code?: string }) => call(api.POST("/intake/rejected/replay", { body: what })),
    onSuccess: async ({ accepted, rejected }) => {
      const text = t("replayed_result", { accepted: fmt.int(accepted), rejected: fmt.int(rejected) });
      void (rejected > 0 ? message.warning(text) : message.success(text));
      await after();
    },
    onError: (err) => void message.error(explain(err)),
  });
  const drop = useMutation({
    mutationFn: (ids: number[]) => call(api.POST("/intake/rejected/drop", { body: { ids } })),
    onSuccess: async () => {
      void message.success(t("dropped_done"));
      await after();
    },
    onError: (err) => void message.error(explain(err)),
  });
  const askDrop = (ids: number[]) =>
    modal.confirm({
      title: t("drop_title", { n: fmt.int(ids.length) }),
      content: t("drop_text"),
      okText: t("drop"),
      okButtonProps: { danger: true },
      cancelText: t("ui:cancel"),
      onOk: () => drop.mutateAsync(ids).catch(() => undefined),
    });
  const askReplay = (n: number) =>
    modal.confirm({
      title: t("replay_title", { n: fmt.int(n) }),
      content: t("replay_text"),
      okText: t("replay"),
      cancelText: t("ui:cancel"),
      onOk: () => replay.mutateAsync({ all: true, code }).catch(() => undefined),
    });

  const columns: Column<Rejected>[] = [
    { key: "at", title: t("col.at"), render: (r) => <Ago at={r.at} />, csv: (r) => r.at, width: 120 },
    { key: "reason", title: t("col.reason"), render: (r) => reasons(r).title, csv: (r) => r.reason },
    { key: "code", title: t("col.code"), render: (r) => <code>{r.code}</code>, csv: (r) => r.code },
    { key: "source", title: t("col.source"), render: (r) => <Button type="link" size="small" className="cell-link" onClick={(e) => (e.stopPropagation(), void navigate({ search: { ...search, source: String(r.source_id) }, replace: true }))}>{r.source}</Button>, csv: (r) => r.source },
    {
      key: "state",
      title: t("col.state"),
      render: (r) => (
        <span className="row">
          <Pill tone={tones[r.state]}>{t(`state.${r.state}`)}</Pill>
          {r.times > 1 && <span className="muted">{t("times", { count: r.times })}</span>}
          {r.replays > 0 && <span className="muted">{t("replays", { count: r.replays })}</span>}
        </span>
      ),
      csv: (r) => r.state,
    },
    { key: "body", title: t("col.body"), shown: false, render: (r) => <code>{r.body.slice(0, 80)}</code>, csv: (r) => r.body },
  ];

  return (
    <div className="stack">
      {codes.length > 0 && (
        <div className="reject-codes" role="group" aria-label={t("by_code")}>
          <CodeButton on={code === undefined} text={t("all")} onClick={() => void navigate({ search: { source, state: search.state }, replace: true })} />
          {codes.map((c) => (
            <CodeButton key={c.code} on={c.code === code} text={reasons(c).title} n={fmt.int(c.n)} title={c.code} onClick={() => void navigate({ search: { source, state: search.state, code: c.code }, replace: true })} />
          ))}
        </div>
      )}
      <DataList
        id="rejected"
        source={list}
        columns={columns}
        rowKey={(r) => r.id}
        expand={(r) => <RejectedBody rejected={r} onDone={after} onDrop={() => askDrop([r.id])} />}
        filters={
          <Segmented
            value={state}
            options={rejectedStates.map((value) => ({ value, label: t(`state.${value}`) }))}
            onChange={(value) => void navigate({ search: { ...search, state: value === "open" ? undefined : (value as RejectedState) }, replace: true })}
          />
        }
        chips={source === undefined ? [] : [{ key: "source", label: t("from", { source: list.data?.pages[0]?.items[0]?.source ?? source }), onRemove: () => void navigate({ search: { code, state: search.state }, replace: true }) }]}
        actions={
          mayOperate &&
          current !== undefined && (
            <Button loading={replay.isPending && { delay: 300 }} onClick={() => askReplay(current.n)}>
              {t("replay_code")}
            </Button>
          )
        }
        bulk={
          mayOperate
            ? {
                chosen,
                onChange: setChosen,
                actions: (
                  <>
                    <Button size="small" loading={replay.isPending && { delay: 300 }} onClick={() => replay.mutate({ ids: chosen.map(Number) })}>
                      {t("replay")}
                    </Button>
                    <Button size="small" danger onClick={() => askDrop(chosen.map(Number))}>
                      {t("drop")}
                    </Button>
                  </>
                ),
              }
            : undefined
        }
        empty={<EmptyState title={t(state === "open" ? "empty.title" : "empty.other")} text={t("empty.text")} />}
      />
    </div>
  );
}

function CodeButton({ on, text, n, title, onClick }: { on: boolean; text: string; n?: string; title?: string; onClick: () => void }) {
  return (
    <button type="button" className="reject-code" aria-pressed={on} title={title} onClick={onClick}>
      {text}
      {n !== undefined && <span className="num">{n}</span>}
    </button>
  );
}
