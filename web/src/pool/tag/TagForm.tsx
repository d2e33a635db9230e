import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Form, Input, InputNumber, Radio, Select, App } from "antd";
import { useState } from "react";
import { api, call, once } from "../../api/client";
import type { Tag, TagIn, TagMode } from "../../api/rules";
import { FormFault } from "../../auth/fault";
import { useT } from "../../app/i18n";
import { ActButton } from "../../ui/ActButton";
import { Card } from "../../ui/PageHead";
import { ColourPick } from "../definition/ColourPick";
import { CountPanel } from "../rule/CountPanel";
import { useRuleDraft } from "../rule/draft";
import { RuleEditor } from "../rule/RuleEditor";
import { tagsQuery } from "./queries";
import { TagChip } from "./TagChip";
import "../definition/definition.css";

/** Makes or changes a tag; how it is given, by hand or by rule, is decided once. */
export function TagForm({ edited, group }: { edited?: { tag: Tag; etag: string }; group?: string }) {
  const t = useT("tag");
  const was = edited?.tag;
  const navigate = useNavigate();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<TagIn>();
  const [mode, setMode] = useState<TagMode>(was?.mode ?? "manual");
  const [key] = useState(once);
  const groups = useQuery(tagsQuery()).data?.groups.filter((g) => g.state !== "archived") ?? [];
  const draft = useRuleDraft({ text: was?.rule?.text, owner: "tag", key: was?.key });
  const now = Form.useWatch([], form) as TagIn | undefined;
  const byRule = mode === "rule";
  const save = useMutation({
    mutationFn: (body: TagIn) =>
      was
        ? call(api.PUT("/tags/{key}", { params: { path: { key: was.key }, header: { "If-Match": edited?.etag ?? "" } }, body }))
        : call(api.POST("/tags", { params: { header: { "Idempotency-Key": key } }, body: { ...body, mode } })),
    onSuccess: async (tag) => {
      void message.success(t("ui:saved"));
      await client.invalidateQueries({ queryKey: ["tags"] });
      void client.invalidateQueries({ queryKey: ["versions", "tag"] });
      void client.invalidateQueries({ queryKey: ["rules", "schema"] });
      void navigate({ to: "/pool/tags/$key", params: { key: tag.key } });
    },
  });
  const submit = () =>
    void form.validateFields().then(
      (v) => save.mutate({ ...v, title: v.title.trim(), group: v.group ?? "", description: v.description ?? "", expires_days: byRule ? undefined : (v.expires_days ?? 0), rule: byRule ? draft.text : undefined, note: v.note || undefined }),
      () => undefined,
    );
  const back = () => void (was ? navigate({ to: "/pool/tags/$key", params: { key: was.key } }) : navigate({ to: "/pool/tags" }));
  return (
    <div className="editor-grid">
      <div className="stack">
        <Card>
          <Form form={form} layout="vertical" requiredMark={false} initialValues={{ title: was?.title ?? "", description: was?.description ?? "", group: was?.group || group || undefined, color: was?.color ?? "", expires_days: was?.expires_days || undefined }}>
            <FormFault error={save.error} />
            {!was && (
              <Form.Item label={t("col.mode")}>
                <Radio.Group
                  value={mode}
                  onChange={(e) => setMode(e.target.value as TagMode)}
                  options={(["manual", "rule"] as const).map((m) => ({
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
            <div className="editor-fields">
              <Form.Item name="title" label={t("definition:field.title")} rules={[{ required: true, whitespace: true, message: t("title_missing") }]}>
                <Input maxLength={80} placeholder={t("title_hint")} autoFocus={!was} />
              </Form.Item>
              <Form.Item name="group" label={t("definition:field.group")} extra={byRule && groups.some((g) => g.exclusive) ? t("rule_group_help") : undefined}>
                <Select allowClear placeholder={t("group.none")} options={groups.filter((g) => !byRule || !g.exclusive).map((g) => ({ value: g.key, label: g.title }))} />
              </Form.Item>
              <Form.Item name="description" label={t("definition:field.description")}>
                <Input maxLength={500} placeholder={t("segment:description_hint")} />
              </Form.Item>
              {!byRule && (
                <Form.Item name="expires_days" label={t("col.expires")} extra={t("expires_help")}>
                  <InputNumber min={1} max={3650} precision={0} placeholder={t("never")} suffix={t("rule:unit.days")} style={{ width: "100%" }} />
                </Form.Item>
              )}
              {was && (
                <Form.Item name="note" label={t("definition:note.label")}>
                  <Input maxLength={200} placeholder={t("definition:note.hint")} />
                </Form.Item>
              )}
            </div>
            <div className="row">
              <Form.Item name="color" label={t("definition:field.color")} style={{ marginBottom: 0 }}>
                <ColourPick />
              </Form.Item>
              <span className="grow" />
              <TagChip bare tag={{ key: was?.key ?? "", title: now?.title || t("title_hint"), color: now?.color ?? "" }} />
            </div>
          </Form>
        </Card>
        {byRule && (
          <Card title={t("who")} note={t("segment:who_note")}>
            <RuleEditor draft={draft} />
          </Card>
        )}
        <div className="row">
          <ActButton onClick={submit} disabled={byRule && draft.state !== "ready"} loading={save.isPending && { delay: 300 }}>
            {t(was ? "ui:save" : "make")}
          </ActButton>
          <Button onClick={back}>{t("ui:cancel")}</Button>
        </div>
      </div>
      <aside className="editor-side">{byRule ? <CountPanel draft={draft} /> : <Card title={t("by_hand.title")}><p>{t("by_hand.text")}</p></Card>}</aside>
    </div>
  );
}
