import { DeleteOutlined, EditOutlined, LeftOutlined, PlusOutlined, UndoOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { App, Button, Input, Modal } from "antd";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Board, Filters, Item } from "../../api/boards";
import { api, call, once } from "../../api/client";
import { asApiError } from "../../api/error";
import { useT } from "../../app/i18n";
import { FormFault } from "../../auth/fault";
import { ActButton } from "../../ui/ActButton";
import { PageHead } from "../../ui/PageHead";
import { EmptyState } from "../../ui/states";
import { AddChart } from "./AddChart";
import { BoardItem } from "./BoardItem";
import { FilterBar } from "./FilterBar";
import { sameFilters, tidy } from "./filters";
import { add, without } from "./grid";
import { Grid } from "./Grid";
import { boardsChanged, savedChartsQuery } from "./queries";

interface Draft {
  title: string;
  description: string;
  items: Item[];
  filters: Filters;
}

/** A board being arranged: everything is a draft until it is saved, and every step can be undone. */
export function BoardEditor({ board, etag }: { board: Board; etag: string }) {
  const t = useT("board");
  const client = useQueryClient();
  const navigate = useNavigate({ from: "/insight/boards/$key" });
  const { modal, message } = App.useApp();
  const start = useMemo<Draft>(() => ({ title: board.title, description: board.description, items: board.items, filters: tidy(board.filters) }), [board]);
  const [read] = useState(etag); // what others save meanwhile must not be run over
  const [draft, setDraft] = useState(start);
  const [past, setPast] = useState<Draft[]>([]);
  const [moving, setMoving] = useState<Item[]>();
  const [adding, setAdding] = useState(false);
  const [writing, setWriting] = useState<Item>();
  const charts = useQuery(savedChartsQuery()).data?.items ?? board.charts;
  const changed = JSON.stringify(draft) !== JSON.stringify(start);

  const change = useCallback(
    (next: Partial<Draft>) => {
      setPast((p) => [...p.slice(-49), draft]);
      setDraft({ ...draft, ...next });
    },
    [draft],
  );
  const undo = useCallback(() => {
    const last = past.at(-1);
    if (last === undefined) return;
    setPast(past.slice(0, -1));
    setDraft(last);
  }, [past]);
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const typing = e.target instanceof HTMLElement && e.target.closest("input, textarea") !== null;
      if ((e.ctrlKey || e.metaKey) && !e.shiftKey && e.key.toLowerCase() === "z" && !typing) {
        e.preventDefault();
        undo();
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [undo]);
  useEffect(() => {
    if (!changed) return;
    const warn = (e: BeforeUnloadEvent) => e.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [changed]);

  const leave = () => void navigate({ search: {}, replace: true });
  const save = useMutation({
    mutationFn: () => call(api.PUT("/insight/boards/{key}", { params: { path: { key: board.key }, header: { "If-Match": read } }, body: { ...draft, title: draft.title.trim() } })),
    onSuccess: async () => {
      await boardsChanged(client);
      void message.success(t("saved"));
      leave();
    },
  });
  const discard = () =>
    changed
      ? modal.confirm({ title: t("edit.ask_discard"), icon: null, okText: t("ui:discard"), onOk: leave })
      : leave();
  const remove = (item: Item) => {
    change({ items: without(draft.items, item.id) });
    void message.info({
      key: "removed",
      duration: 6,
      content: t("edit.removed", { name: name(item) }),
    });
  };
  const name = (i: Item) => (i.chart === undefined ? t("item.text") : (charts.find((c) => c.key === i.chart)?.title ?? i.chart));
  const shown = moving ?? draft.items;

  return (
    <>
      <PageHead
        title={t("edit.title", { title: board.title })}
        above={
          <Link to="/insight/boards/$key" params={{ key: board.key }} search={{}} className="back">
            <LeftOutlined aria-hidden /> {board.title}
          </Link>
        }
        answer={t("edit.hint")}
        actions={
          <>
            <Button icon={<UndoOutlined aria-hidden />} disabled={past.length === 0} onClick={undo}>
              {t("undo")}
            </Button>
            <Button onClick={discard}>{t(changed ? "ui:discard" : "ui:cancel")}</Button>
            <ActButton disabled={!changed || draft.title.trim() === ""} loading={save.isPending && { delay: 300 }} onClick={() => save.mutate()}>
              {t("save")}
            </ActButton>
          </>
        }
      />
      <FormFault error={save.error} />
      {asApiError(save.error).code === "define.stale" && (
        <p>
          <Button onClick={() => void client.invalidateQueries({ queryKey: ["boards"] }).then(leave)}>{t("edit.reload")}</Button>
        </p>
      )}
      <section className="card board-form">
        <Input value={draft.title} maxLength={80} aria-label={t("field.title")} placeholder={t("field.title")} onChange={(e) => setDraft({ ...draft, title: e.target.value })} />
        <Input value={draft.description} maxLength={500} aria-label={t("field.description")} placeholder={t("field.description")} onChange={(e) => setDraft({ ...draft, description: e.target.value })} />
        <div>
          <h3>{t("edit.filters")}</h3>
          <FilterBar value={draft.filters} onChange={(filters) => !sameFilters(filters, draft.filters) && change({ filters })} />
        </div>
        <div className="row">
          <Button icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>
            {t("edit.add_chart")}
          </Button>
          <Button icon={<EditOutlined aria-hidden />} onClick={() => setWriting({ id: "", x: 0, y: 0, w: 12, h: 2, text: "" })}>
            {t("edit.add_text")}
          </Button>
        </div>
      </section>
      {draft.items.length === 0 ? (
        <section className="card">
          <EmptyState title={t("empty_board.title")} text={t("empty_board.text")} action={<Button type="primary" onClick={() => setAdding(true)}>{t("edit.add_chart")}</Button>} />
        </section>
      ) : (
        <Grid
          items={shown}
          name={name}
          onChange={(items, done) => {
            setMoving(done ? undefined : items);
            if (done && JSON.stringify(items) !== JSON.stringify(draft.items)) change({ items });
          }}
        >
          {(item) => (
            <BoardItem
              item={item}
              board={{ charts }}
              filters={draft.filters}
              tools={
                <span className="board-tools">
                  {item.chart === undefined && <Button type="text" size="small" icon={<EditOutlined aria-hidden />} aria-label={t("edit.write")} onClick={() => setWriting(item)} />}
                  <Button type="text" size="small" icon={<DeleteOutlined aria-hidden />} aria-label={t("edit.remove", { name: name(item) })} title={t("edit.remove", { name: name(item) })} onClick={() => remove(item)} />
                </span>
              }
            />
          )}
        </Grid>
      )}
      {adding && (
        <AddChart
          on={draft.items.flatMap((i) => i.chart ?? [])}
          onClose={() => setAdding(false)}
          onAdd={(keys) => {
            setAdding(false);
            change({ items: keys.reduce((items, chart) => add(items, { id: once().slice(0, 12), x: 0, y: 0, w: 6, h: 8, chart }), draft.items) });
          }}
        />
      )}
      {writing && (
        <TextDialog
          first={writing.text ?? ""}
          onClose={() => setWriting(undefined)}
          onWrite={(text) => {
            setWriting(undefined);
            change({ items: writing.id === "" ? add(draft.items, { ...writing, id: once().slice(0, 12), text }) : draft.items.map((i) => (i.id === writing.id ? { ...i, text } : i)) });
          }}
        />
      )}
    </>
  );
}

function TextDialog({ first, onClose, onWrite }: { first: string; onClose: () => void; onWrite: (text: string) => void }) {
  const t = useT("board");
  const [text, setText] = useState(first);
  return (
    <Modal open title={t("item.text")} onCancel={onClose} okText={t("edit.put")} okButtonProps={{ disabled: text.trim() === "" }} onOk={() => onWrite(text.trim())}>
      <div className="dialog-stack">
        <p className="muted">{t("edit.text_hint")}</p>
        <Input.TextArea autoFocus value={text} maxLength={2000} autoSize={{ minRows: 5, maxRows: 14 }} aria-label={t("item.text")} onChange={(e) => setText(e.target.value)} />
      </div>
    </Modal>
  );
}
