import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import type { Drawing } from "../../api/boards";
import { api, call, once } from "../../api/client";
import { useT } from "../../app/i18n";
import { FormFault } from "../../auth/fault";
import { DrawingPick } from "./DrawingPick";
import { boardsChanged, boardsQuery } from "./queries";

export interface SaveChartDialogProps {
  open: boolean;
  onClose: () => void;
  query: { kind: string } & Record<string, unknown>;
  title?: string;
}

/** Keeps a question as a chart, on a board if one is chosen. */
export function SaveChartDialog({ open, onClose, query, title: first = "" }: SaveChartDialogProps) {
  const t = useT("board");
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [title, setTitle] = useState(first);
  const [description, setDescription] = useState("");
  const [draw, setDraw] = useState<Drawing>("");
  const [board, setBoard] = useState("");
  const [key] = useState(once);
  const boards = useQuery({ ...boardsQuery(), enabled: open }).data?.items ?? [];
  const save = useMutation({
    mutationFn: () =>
      call(
        api.POST("/insight/charts", {
          params: { header: { "Idempotency-Key": key } },
          body: { title: title.trim(), description: description.trim() || undefined, query, draw: draw || undefined, board: board || undefined },
        }),
      ),
    onSuccess: async (made) => {
      await boardsChanged(client);
      const on = made.boards[0];
      void message.success({
        content: (
          <>
            {t("save_chart.done")}{" "}
            {/* messages stand outside the router: no Link there */}
            <Button type="link" size="small" onClick={() => void (on ? navigate({ to: "/insight/boards/$key", params: { key: on.key } }) : navigate({ to: "/insight/boards", search: { tab: "charts" } }))}>
              {on?.title ?? t("tab.charts")}
            </Button>
          </>
        ),
        duration: 6,
      });
      onClose();
    },
  });
  return (
    <Modal open={open} title={t("save_chart.title")} onCancel={onClose} okText={t("save_chart.go")} okButtonProps={{ disabled: title.trim() === "" }} confirmLoading={save.isPending} onOk={() => save.mutate()}>
      <Form layout="vertical" className="dialog-stack" onFinish={() => title.trim() !== "" && save.mutate()}>
        <p className="muted">{t("save_chart.text")}</p>
        <FormFault error={save.error} />
        <Form.Item label={t("field.title")}>
          <Input autoFocus value={title} maxLength={80} aria-label={t("field.title")} onChange={(e) => setTitle(e.target.value)} />
        </Form.Item>
        <Form.Item label={t("field.description")}>
          <Input.TextArea value={description} maxLength={500} autoSize={{ minRows: 2 }} aria-label={t("field.description")} onChange={(e) => setDescription(e.target.value)} />
        </Form.Item>
        <Form.Item label={t("field.draw")}>
          <DrawingPick value={draw} onChange={setDraw} />
        </Form.Item>
        <Form.Item label={t("field.board")}>
          <Select value={board} aria-label={t("field.board")} showSearch={{ optionFilterProp: "label" }} onChange={setBoard} options={[{ value: "", label: t("save_chart.no_board") }, ...boards.map((b) => ({ value: b.key, label: b.title }))]} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
