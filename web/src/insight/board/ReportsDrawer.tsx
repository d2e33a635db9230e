import { MoreOutlined, PlusOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Drawer, Dropdown, Modal } from "antd";
import { useState } from "react";
import type { Board, Plan, Report } from "../../api/boards";
import { api, call } from "../../api/client";
import type { DefinitionState } from "../../api/rules";
import { useT } from "../../app/i18n";
import { Badge } from "../../ui/Badge";
import { useFmt } from "../../ui/format";
import { Await, EmptyState, explain } from "../../ui/states";
import { Deliveries } from "./Deliveries";
import { boardsChanged, deliveriesQuery, reportsQuery } from "./queries";
import { ReportForm } from "./ReportForm";

/** Reports that mail the board by plan. */
export function ReportsDrawer({ board, onClose }: { board: Board; onClose: () => void }) {
  const t = useT("board");
  const query = useQuery({ ...reportsQuery(board.key), refetchInterval: 10_000 });
  const [form, setForm] = useState<{ report?: Report }>();
  return (
    <Drawer
      open
      size={680}
      title={t("report.title", { title: board.title })}
      onClose={onClose}
      extra={
        !form && (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setForm({})}>
            {t("report.new")}
          </Button>
        )
      }
    >
      <div className="stack">
        <p className="muted">{t("report.text")}</p>
        {query.data && !query.data.mail_ready && <Alert type="warning" showIcon title={t("report.no_mail")} description={t("report.no_mail_text")} />}
        {form && <ReportForm key={form.report?.key ?? ""} board={board} report={form.report} onDone={() => setForm(undefined)} />}
        <Await query={query}>
          {({ items, mail_ready }) =>
            items.length === 0 ? (
              form ? null : <EmptyState title={t("report.none")} text={t("report.none_text")} action={<Button type="primary" onClick={() => setForm({})}>{t("report.new")}</Button>} />
            ) : (
              <ul className="board-list">
                {items.map((r) => (
                  <ReportLine key={r.key} report={r} canSend={mail_ready} onEdit={() => setForm({ report: r })} />
                ))}
              </ul>
            )
          }
        </Await>
      </div>
    </Drawer>
  );
}

/** When a report is due, in words. */
export function usePlanWords(): (p: Plan) => string {
  const t = useT("board");
  return (p) => {
    const hour = `${String(p.hour).padStart(2, "0")}:00`;
    if (p.every === "weekly") return t("report.weekly", { day: t(`weekday.${p.weekday ?? 1}`), hour });
    if (p.every === "monthly") return t("report.monthly", { day: p.day ?? 1, hour });
    return t("report.daily", { hour });
  };
}

function ReportLine({ report: r, canSend, onEdit }: { report: Report; canSend: boolean; onEdit: () => void }) {
  const t = useT("board");
  const fmt = useFmt();
  const client = useQueryClient();
  const { message } = App.useApp();
  const plan = usePlanWords();
  const [open, setOpen] = useState(false);
  const [preview, setPreview] = useState(false);
  const fail = (err: unknown) => void message.error(explain(err));
  const state = useMutation({
    mutationFn: (to: DefinitionState) => call(api.POST("/insight/reports/{key}/state", { params: { path: { key: r.key } }, body: { state: to } })),
    onSuccess: async (_, to) => {
      await boardsChanged(client);
      if (to === "archived")
        void message.success({
          key: `report-${r.key}`,
          duration: 8,
          content: (
            <>
              {t("report.gone", { title: r.title })}{" "}
              <Button type="link" size="small" onClick={() => state.mutate("active")}>
                {t("undo")}
              </Button>
            </>
          ),
        });
    },
    onError: fail,
  });
  const send = useMutation({
    mutationFn: () => call(api.POST("/insight/reports/{key}/send", { params: { path: { key: r.key } } })),
    onSuccess: async () => {
      setOpen(true);
      await client.invalidateQueries({ queryKey: deliveriesQuery(r.key).queryKey });
    },
    onError: fail,
  });
  return (
    <li className="board-report">
      <div className="row">
        <div className="grow">
          <b>{r.title}</b> <Badge tone={r.stopped ? "bad" : r.state === "active" ? "good" : "quiet"}>{t(r.stopped ? "report.stopped" : `definition:state.${r.state}`)}</Badge>
          <p className="muted">
            {plan(r.plan)} · {r.recipients.join(", ")}
          </p>
          <p className="muted">{r.next_at ? t("report.next", { at: fmt.time(r.next_at) }) : r.stopped ? t("report.stopped_text", { n: r.failures }) : t("report.paused_text")}</p>
        </div>
        <Button size="small" disabled={!canSend} loading={send.isPending && { delay: 300 }} onClick={() => send.mutate()}>
          {t("report.send")}
        </Button>
        {r.state === "paused" && (
          <Button size="small" type="primary" onClick={() => state.mutate("active")}>
            {t("report.resume")}
          </Button>
        )}
        <Dropdown
          trigger={["click"]}
          menu={{
            items: [
              { key: "preview", label: t("report.preview"), onClick: () => setPreview(true) },
              { key: "log", label: t(open ? "report.hide_log" : "report.log"), onClick: () => setOpen(!open) },
              { key: "edit", label: t("definition:act.edit"), onClick: onEdit },
              ...(r.state === "active" ? [{ key: "pause", label: t("definition:act.pause"), onClick: () => state.mutate("paused") }] : []),
              { key: "remove", label: t("report.remove"), onClick: () => state.mutate("archived") },
            ],
          }}
        >
          <Button size="small" type="text" icon={<MoreOutlined aria-hidden />} aria-label={t("report.more", { title: r.title })} />
        </Dropdown>
      </div>
      {open && <Deliveries report={r.key} />}
      {preview && <Preview report={r} onClose={() => setPreview(false)} />}
    </li>
  );
}

function Preview({ report, onClose }: { report: Report; onClose: () => void }) {
  const t = useT("board");
  const letter = useQuery({ queryKey: ["board-letter", report.key, report.version], queryFn: () => call(api.GET("/insight/reports/{key}/preview", { params: { path: { key: report.key } } })), retry: false });
  return (
    <Modal open width={760} title={letter.data?.subject ?? t("report.preview")} footer={null} onCancel={onClose}>
      <Await query={letter}>{(l) => <iframe className="board-letter" title={t("report.preview")} sandbox="" srcDoc={l.html} />}</Await>
    </Modal>
  );
}
