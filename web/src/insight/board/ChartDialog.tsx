import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Form, Input, Modal } from "antd";
import { useState } from "react";
import type { Drawing, SavedChart } from "../../api/boards";
import { api, call } from "../../api/client";
import { useT } from "../../app/i18n";
import { FormFault } from "../../auth/fault";
import { DrawingPick } from "./DrawingPick";
import { boardsChanged } from "./queries";

/** Changes what a saved chart is called and how it is drawn; its question is changed on its kind's page. */
export function ChartDialog({ chart, onClose }: { chart: SavedChart; onClose: () => void }) {
  const t = useT("board");
  const client = useQueryClient();
  const { message } = App.useApp();
  const [title, setTitle] = useState(chart.title);
  const [description, setDescription] = useState(chart.description);
  const [draw, setDraw] = useState<Drawing>(chart.draw);
  const save = useMutation({
    mutationFn: () =>
      call(
        api.PUT("/insight/charts/{key}", {
          params: { path: { key: chart.key }, header: { "If-Match": `"v${chart.version}"` } },
          body: { title: title.trim(), description: description.trim(), query: chart.query, draw: draw || undefined },
        }),
      ),
    onSuccess: async () => {
      await boardsChanged(client);
      void client.invalidateQueries({ queryKey: ["board-chart"] });
      void message.success(t("saved"));
      onClose();
    },
  });
  return (
    <Modal open title={t("chart.edit")} onCancel={onClose} okText={t("save")} okButtonProps={{ disabled: title.trim() === "" }} confirmLoading={save.isPending} onOk={() => save.mutate()}>
      <Form layout="vertical" className="dialog-stack">
        <FormFault error={save.error} />
        <Form.Item label={t("field.title")}>
          <Input value={title} maxLength={80} aria-label={t("field.title")} onChange={(e) => setTitle(e.target.value)} />
        </Form.Item>
        <Form.Item label={t("field.description")}>
          <Input.TextArea value={description} maxLength={500} autoSize={{ minRows: 2 }} aria-label={t("field.description")} onChange={(e) => setDescription(e.target.value)} />
        </Form.Item>
        <Form.Item label={t("field.draw")}>
          <DrawingPick value={draw} onChange={setDraw} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
