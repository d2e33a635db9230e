import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Form, Input, InputNumber } from "antd";
import { useState, type ReactNode } from "react";
import { api, call, once } from "../../api/client";
import type { Params, Tier, TierIn } from "../../api/rules";
import { FormFault } from "../../auth/fault";
import { useT } from "../../app/i18n";
import { ActButton } from "../../ui/ActButton";
import { Card } from "../../ui/PageHead";
import { LevelEditor } from "./LevelEditor";
import { draftOf, lacking, sent, type DraftLevel } from "./levels";
import "../definition/definition.css";

interface Start {
  title: string;
  description: string;
  template?: string;
  params?: Params;
  levels: DraftLevel[];
  stay_days: number;
  grace_days: number;
}

export const startOf = (t: Tier): Start => ({ title: t.title, description: t.description, template: t.template, params: t.params ?? undefined, levels: t.levels.map(draftOf), stay_days: t.stay_days, grace_days: t.grace_days });

/** Title, levels and the brakes of a dimension. */
export function TierForm({ edited, start, above }: { edited?: { tier: Tier; etag: string }; start: Start; above?: ReactNode }) {
  const t = useT("tier");
  const was = edited?.tier;
  const navigate = useNavigate();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ title: string; description: string; note?: string; stay_days: number | null; grace_days: number | null }>();
  const [levels, setLevels] = useState(start.levels);
  const [key] = useState(once);
  const lack = lacking(levels);
  const save = useMutation({
    mutationFn: (body: TierIn) =>
      was
        ? call(api.PUT("/tiers/{key}", { params: { path: { key: was.key }, header: { "If-Match": edited?.etag ?? "" } }, body }))
        : call(api.POST("/tiers", { params: { header: { "Idempotency-Key": key } }, body })),
    onSuccess: async (tier) => {
      void message.success(t("ui:saved"));
      await client.invalidateQueries({ queryKey: ["tiers"] });
      void client.invalidateQueries({ queryKey: ["versions", "tier"] });
      void client.invalidateQueries({ queryKey: ["rules", "schema"] });
      void navigate({ to: "/pool/tiers/$key", params: { key: tier.key } });
    },
  });
  const submit = () =>
    void form.validateFields().then(
      (v) =>
        save.mutate({
          title: v.title.trim(),
          description: v.description?.trim() ?? "",
          template: start.template || undefined,
          params: start.params,
          levels: sent(levels),
          stay_days: v.stay_days ?? 0,
          grace_days: v.grace_days ?? 0,
          note: v.note?.trim() || undefined,
        }),
      () => undefined,
    );
  return (
    <div className="stack">
      <Card>
        <Form form={form} layout="vertical" requiredMark={false} initialValues={start}>
          <FormFault error={save.error} />
          <div className="editor-fields">
            <Form.Item name="title" label={t("definition:field.title")} rules={[{ required: true, whitespace: true, message: t("tag:title_missing") }]}>
              <Input maxLength={80} placeholder={t("title_hint")} />
            </Form.Item>
            <Form.Item name="description" label={t("definition:field.description")}>
              <Input maxLength={500} placeholder={t("segment:description_hint")} />
            </Form.Item>
            <Form.Item name="stay_days" label={t("definition:field.stay_days")} extra={t("stay_help")}>
              <InputNumber min={0} max={365} precision={0} suffix={t("rule:unit.days")} style={{ width: "100%" }} />
            </Form.Item>
            <Form.Item name="grace_days" label={t("definition:field.grace_days")} extra={t("grace_help")}>
              <InputNumber min={0} max={365} precision={0} suffix={t("rule:unit.days")} style={{ width: "100%" }} />
            </Form.Item>
            {was && (
              <Form.Item name="note" label={t("definition:note.label")}>
                <Input maxLength={200} placeholder={t("definition:note.hint")} />
              </Form.Item>
            )}
          </div>
        </Form>
      </Card>
      {above}
      <Card title={t("page.levels")} note={t("editor_note")}>
        <LevelEditor levels={levels} onChange={setLevels} owner={was?.key} />
      </Card>
      <div className="row">
        <ActButton onClick={submit} disabled={lack !== undefined} loading={save.isPending && { delay: 300 }}>
          {t(was ? "ui:save" : "make")}
        </ActButton>
        <Button onClick={() => void (was ? navigate({ to: "/pool/tiers/$key", params: { key: was.key } }) : navigate({ to: "/pool/tiers" }))}>{t("ui:cancel")}</Button>
        {lack && <span className="muted">{t(`lack.${lack}`)}</span>}
      </div>
    </div>
  );
}
