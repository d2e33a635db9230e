import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Form, Input, Modal } from "antd";
import { useState } from "react";
import { api, call, once } from "../../api/client";
import type { Segment } from "../../api/rules";
import { FormFault } from "../../auth/fault";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";

/** Keeps who is in a segment now, for ever. */
export function SnapshotDialog({ segment: s, onClose }: { segment: Segment; onClose: () => void }) {
  const t = useT("segment");
  const fmt = useFmt();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [title, setTitle] = useState(`${s.title} ${fmt.dayOf(Date.now())}`);
  const [key] = useState(once);
  const take = useMutation({
    mutationFn: () => call(api.POST("/segments/{key}/snapshot", { params: { path: { key: s.key }, header: { "Idempotency-Key": key } }, body: { title: title.trim() } })),
    onSuccess: async (made) => {
      void message.success(t("snapshot.done"));
      await client.invalidateQueries({ queryKey: ["segments"] });
      onClose();
      void navigate({ to: "/pool/segments/$key", params: { key: made.key } });
    },
  });
  return (
    <Modal open title={t("snapshot.title")} onCancel={onClose} okText={t("snapshot.go")} okButtonProps={{ disabled: title.trim() === "" }} confirmLoading={take.isPending} onOk={() => take.mutate()}>
      <div className="dialog-stack">
        <p>{t("snapshot.text", { n: fmt.int(s.people) })}</p>
        <Form layout="vertical">
          <FormFault error={take.error} />
          <Form.Item label={t("definition:field.title")}>
            <Input value={title} maxLength={80} onChange={(e) => setTitle(e.target.value)} aria-label={t("definition:field.title")} />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}
