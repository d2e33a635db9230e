import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { api, call } from "../../api/client";
import { asApiError } from "../../api/error";
import type { Person } from "../../api/types";
import { useT } from "../../app/i18n";
import { explain, Loading } from "../../ui/states";
import { kindsQuery } from "../kind/kinds";
import { personQuery } from "../person/personQuery";
import { previewMerge } from "./merge";
import { MergeResult } from "./MergeResult";
import { PersonLink } from "./PersonLink";

/** Shows what several people would be as one, asks why, and merges; a guard's objection must be overruled by hand. */
export function MergeDialog({ ids, onClose, onDone }: { ids: number[]; onClose: () => void; onDone: (p: Person) => void }) {
  const t = useT("people");
  const { message } = App.useApp();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const kinds = useQuery(kindsQuery).data ?? [];
  const people = useQueries({
    queries: ids.map((id) => personQuery(id)),
    combine: (all) => ({ data: all.flatMap((q) => q.data ?? []), error: all.find((q) => q.error)?.error, pending: all.some((q) => q.isPending) }),
  });
  const merge = useMutation({
    mutationFn: (force: boolean) => call(api.POST("/people/merge", { body: { people: ids, reason: reason.trim(), force } })),
    onSuccess: (person) => {
      void message.success(t("merge.done"));
      onDone(person);
      void client.invalidateQueries({ queryKey: ["people"] });
      void client.invalidateQueries({ queryKey: ["conflicts"] });
    },
  });
  const guarded = merge.isError && asApiError(merge.error).code === "identity.conflict";
  const submit = (force: boolean) => (reason.trim() === "" ? setMissing(true) : merge.mutate(force));
  const preview = people.pending ? undefined : previewMerge(people.data, kinds);

  return (
    <Modal
      open
      width={680}
      title={t("merge.title", { n: ids.length })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          {guarded ? (
            <Button danger type="primary" loading={merge.isPending && { delay: 300 }} onClick={() => submit(true)}>
              {t("merge.force")}
            </Button>
          ) : (
            <Button type="primary" disabled={preview === undefined} loading={merge.isPending && { delay: 300 }} onClick={() => submit(false)}>
              {t("merge.submit")}
            </Button>
          )}
        </>
      }
    >
      <div className="dialog-stack">
        <p>{t("merge.lead")}</p>
        <div className="merge-who">
          {people.data.map((p) => (
            <PersonLink key={p.id} person={p} />
          ))}
        </div>
        {people.error !== undefined && <Alert type="error" title={explain(people.error)} />}
        {preview === undefined ? people.pending && <Loading rows={4} /> : <MergeResult preview={preview} />}
        <Form layout="vertical">
          <Form.Item label={t("merge.reason")} required validateStatus={missing ? "error" : undefined} help={missing ? t("merge.reason_needed") : undefined}>
            <Input value={reason} maxLength={200} autoFocus placeholder={t("merge.reason_hint")} onChange={(e) => (setReason(e.target.value), setMissing(false))} />
          </Form.Item>
        </Form>
        {merge.isError && <Alert type={guarded ? "warning" : "error"} showIcon title={guarded ? t("merge.guarded") : explain(merge.error)} description={guarded ? asApiError(merge.error).message : undefined} />}
      </div>
    </Modal>
  );
}
