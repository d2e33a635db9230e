import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Form, Input, Modal } from "antd";
import { useState } from "react";
import { api, call } from "../../api/client";
import type { Identity } from "../../api/types";
import { useT } from "../../app/i18n";
import { explain } from "../../ui/states";
import { IdentityTag } from "../kind/IdentityTag";
import { personQuery } from "./personQuery";

/** Takes an identity out of recognising people, or puts it back. */
export function QuarantineDialog({ identity, person, onClose }: { identity: Identity; person: number; onClose: () => void }) {
  const t = useT("person");
  const { message } = App.useApp();
  const client = useQueryClient();
  const on = identity.state !== "quarantined";
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const change = useMutation({
    mutationFn: () => call(api.POST("/identities/{id}/quarantine", { params: { path: { id: identity.id } }, body: { on, reason: reason.trim() } })),
    onSuccess: async (after) => {
      onClose();
      void message.success(t(on ? "quarantine.done" : "quarantine.released"));
      if (after.id === person) client.setQueryData(personQuery(person).queryKey, after);
      await client.invalidateQueries({ queryKey: ["people"] });
    },
    onError: (err) => void message.error(explain(err)),
  });
  const missing = tried && reason.trim() === "";
  return (
    <Modal
      open
      title={t(on ? "quarantine.title" : "quarantine.release_title")}
      onCancel={onClose}
      okText={t(on ? "quarantine.on" : "quarantine.off")}
      confirmLoading={change.isPending}
      onOk={() => (setTried(true), reason.trim() !== "" && change.mutate())}
    >
      <div className="dialog-stack">
        <p>
          <IdentityTag identity={identity} />
        </p>
        <p>{t(on ? "quarantine.lead" : "quarantine.release_lead")}</p>
        <Form layout="vertical">
          <Form.Item label={t("quarantine.reason")} required validateStatus={missing ? "error" : undefined} help={missing ? t("unmerge.reason_needed") : undefined}>
            <Input value={reason} maxLength={200} onChange={(e) => setReason(e.target.value)} />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}
