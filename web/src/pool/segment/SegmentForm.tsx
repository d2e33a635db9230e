import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Alert, App, Button, Form, Input, Radio } from "antd";
import { useMemo, useState } from "react";
import { api, call, once } from "../../api/client";
import { asApiError } from "../../api/error";
import type { Segment, SegmentIn, SegmentMode } from "../../api/rules";
import { FormFault } from "../../auth/fault";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { ActButton } from "../../ui/ActButton";
import { Card } from "../../ui/PageHead";
import { readDraft, useKept } from "../definition/keep";
import { CountPanel } from "../rule/CountPanel";
import { useRuleDraft } from "../rule/draft";
import { RuleEditor } from "../rule/RuleEditor";
import "../definition/definition.css";

interface Fields {
  title: string;
  description: string;
  note: string;
  mode: SegmentMode;
}

interface Props {
  /** The segment that is edited, with the tag of its version; none for a new one. */
  edited?: { segment: Segment; etag: string };
  start?: { rule?: string; title?: string };
}

/** The editor of a segment; what is written is kept in this tab until it is saved or thrown away. */
export function SegmentForm({ edited, start }: Props) {
  const name = `segment.${edited?.segment.key ?? "new"}`;
  // a rule that another page hands over is a beginning of its own
  const [kept, setKept] = useState(() => (start?.rule === undefined ? readDraft<Fields & { text: string }>(name) : undefined));
  const [round, setRound] = useState(0);
  return <Editor key={round} name={name} edited={edited} start={start} kept={kept} onDrop={() => (setKept(undefined), setRound(round + 1))} />;
}

function Editor({ name, edited, start, kept, onDrop }: Props & { name: string; kept?: Partial<Fields & { text: string }>; onDrop: () => void }) {
  const t = useT("segment");
  const mayOperate = useMay("operator");
  const navigate = useNavigate();
  const client = useQueryClient();
  const { message } = App.useApp();
  const was = edited?.segment;
  const before = useMemo<Fields & { text: string }>(
    () => ({ title: was?.title ?? start?.title ?? "", description: was?.description ?? "", note: "", mode: "live", text: was?.rule?.text ?? start?.rule ?? "" }),
    [was, start],
  );
  const [fields, setFields] = useState<Fields>({ ...before, ...kept });
  const [missing, setMissing] = useState(false);
  const [key] = useState(once);
  const draft = useRuleDraft({ text: kept?.text ?? before.text, owner: "segment", key: was?.key });
  const written = { ...fields, text: draft.text };
  const changed = fields.title !== before.title || fields.description !== before.description || fields.note !== "" || (draft.text !== before.text && !(before.text === "" && draft.text === "true"));
  const keep = useKept(name, written, changed);
  const set = (next: Partial<Fields>) => setFields((f) => ({ ...f, ...next }));

  const save = useMutation({
    mutationFn: (body: SegmentIn) =>
      was
        ? call(api.PUT("/segments/{key}", { params: { path: { key: was.key }, header: { "If-Match": edited?.etag ?? "" } }, body }))
        : call(api.POST("/segments", { params: { header: { "Idempotency-Key": key } }, body: { ...body, mode: fields.mode } })),
    onSuccess: async (segment) => {
      keep.drop();
      void message.success(t(was ? "ui:saved" : "made"));
      await client.invalidateQueries({ queryKey: ["segments"] });
      void client.invalidateQueries({ queryKey: ["versions", "segment"] });
      void client.invalidateQueries({ queryKey: ["rules", "schema"] });
      void navigate({ to: "/pool/segments/$key", params: { key: segment.key } });
    },
  });
  const submit = () => {
    if (fields.title.trim() === "") return setMissing(true);
    save.mutate({ title: fields.title.trim(), description: fields.description.trim(), rule: draft.text, note: fields.note.trim() || undefined });
  };
  const stale = save.isError && asApiError(save.error).code === "define.stale";

  return (
    <>
      {kept && (
        <Alert
          className="editor-kept"
          type="info"
          showIcon
          title={t("definition:draft.restored")}
          action={
            <Button size="small" onClick={() => (keep.drop(), onDrop())}>
              {t("definition:draft.drop")}
            </Button>
          }
        />
      )}
      <div className="editor-grid">
        <div className="stack">
          <Card>
            <Form layout="vertical" requiredMark={false}>
              <FormFault error={save.error} />
              <div className="editor-fields">
                <Form.Item label={t("definition:field.title")} validateStatus={missing ? "error" : undefined} help={missing ? t("title_missing") : undefined}>
                  <Input value={fields.title} maxLength={80} autoFocus={!was} placeholder={t("title_hint")} onChange={(e) => (set({ title: e.target.value }), setMissing(false))} aria-label={t("definition:field.title")} />
                </Form.Item>
                <Form.Item label={t("definition:field.description")}>
                  <Input value={fields.description} maxLength={500} placeholder={t("description_hint")} onChange={(e) => set({ description: e.target.value })} aria-label={t("definition:field.description")} />
                </Form.Item>
                {was && (
                  <Form.Item label={t("definition:note.label")}>
                    <Input value={fields.note} maxLength={200} placeholder={t("definition:note.hint")} onChange={(e) => set({ note: e.target.value })} aria-label={t("definition:note.label")} />
                  </Form.Item>
                )}
              </div>
              {!was && (
                <Form.Item label={t("definition:field.mode")} style={{ marginBottom: 0 }}>
                  <Radio.Group
                    value={fields.mode}
                    onChange={(e) => set({ mode: e.target.value as SegmentMode })}
                    options={(["live", "static"] as const).map((m) => ({
                      value: m,
                      label: (
                        <>
                          {t(`mode.${m}`)} <span className="muted">{t(`mode_help.${m}`)}</span>
                        </>
                      ),
                    }))}
                  />
                </Form.Item>
              )}
            </Form>
          </Card>
          <Card title={t("who")} note={t("who_note")}>
            <RuleEditor draft={draft} />
          </Card>
          <div className="row">
            {mayOperate && (
              <ActButton onClick={submit} disabled={draft.state !== "ready" || stale} loading={save.isPending && { delay: 300 }}>
                {t(was ? "ui:save" : "make")}
              </ActButton>
            )}
            <Button
              onClick={() => {
                keep.drop();
                void (was ? navigate({ to: "/pool/segments/$key", params: { key: was.key } }) : navigate({ to: "/pool/segments" }));
              }}
            >
              {t(changed ? "ui:discard" : "ui:cancel")}
            </Button>
            {draft.state === "ready" && draft.text === "true" && <span className="muted">{t("everyone")}</span>}
            {was && changed && draft.state === "ready" && <span className="muted">{t("edit_effect")}</span>}
          </div>
        </div>
        <aside className="editor-side">
          <CountPanel draft={draft} />
        </aside>
      </div>
    </>
  );
}
