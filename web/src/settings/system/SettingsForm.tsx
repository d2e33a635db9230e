import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, InputNumber, Select } from "antd";
import { useMemo, type ReactNode } from "react";
import { api, callWithETag } from "../../api/client";
import { asApiError } from "../../api/error";
import type { Settings } from "../../api/types";
import { useT } from "../../app/i18n";
import { useLang } from "../../app/prefs";
import { sessionQuery, useMay } from "../../app/session";
import { FormFault } from "../../auth/fault";
import { ActButton } from "../../ui/ActButton";
import { Card } from "../../ui/PageHead";
import { formats } from "../../ui/format";
import { useNow } from "../../ui/Ago";
import { changes, fields, type Field } from "./changes";
import { currencyChoices, regionChoices, zoneChoices } from "./choices";
import { Diff } from "./Diff";

const limits: Partial<Record<Field, [number, number]>> = {
  active_days: [1, 730],
  quarantine_after: [2, 1000],
  reject_retention_days: [1, 365],
};

/** The pool's settings, with what each one does beside it and how it will look at the right. */
export function SettingsForm({ settings, etag }: { settings: Settings; etag: string }) {
  const t = useT("system");
  const lang = useLang();
  const owner = useMay("owner");
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const [form] = Form.useForm<Settings>();
  const typed = Form.useWatch([], form) as Settings | undefined;
  const draft = { ...settings, ...typed };
  const changed = changes(settings, draft);

  const save = useMutation({
    mutationFn: (body: Settings) => callWithETag(api.PUT("/settings", { params: { header: { "If-Match": etag } }, body })),
    onSuccess: async (answer) => {
      client.setQueryData(["settings", "edit"], answer);
      void client.invalidateQueries({ queryKey: ["settings"] });
      void client.invalidateQueries({ queryKey: ["versions"] });
      void client.invalidateQueries({ queryKey: ["overview"] });
      await client.refetchQueries({ queryKey: sessionQuery.queryKey });
      void message.success(t("ui:saved"));
    },
    onError: (err) => {
      const e = asApiError(err);
      form.setFields(fields.map((name) => ({ name, errors: [e.field(name) ?? []].flat() })));
    },
  });
  const confirm = (values: Settings) =>
    modal.confirm({
      title: t("save.title"),
      width: 520,
      icon: null,
      content: (
        <>
          <Diff changes={changed} />
          {changed.some((c) => c.path === "time_zone" || c.path === "active_days") && <p className="save-effect">{t("save.recount")}</p>}
          {changed.some((c) => c.path === "currency") && <p className="save-effect">{t("save.currency")}</p>}
        </>
      ),
      okText: t("ui:save"),
      onOk: () => save.mutateAsync({ ...settings, ...values }).catch(() => undefined),
    });

  const zones = useMemo(() => zoneChoices(lang, new Date()), [lang]);
  const currencies = useMemo(() => currencyChoices(lang), [lang]);
  const regions = useMemo(() => regionChoices(lang), [lang]);
  const number = (name: Field) => {
    const [min = 0, max = 0] = limits[name] ?? [];
    return { name, rules: [{ required: true, type: "integer" as const, min, max, message: t("range", { min, max }) }] };
  };

  return (
    <Form<Settings>
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={!owner}
      initialValues={settings}
      onFinish={confirm}
      validateTrigger={["onBlur", "onChange"]}
    >
      <div className="grid">
        <div className="two-thirds stack">
          {save.isError && asApiError(save.error).status === 412 ? (
            <div className="gate-fault" role="alert">
              {t("stale")}{" "}
              <Button size="small" onClick={() => void client.invalidateQueries({ queryKey: ["settings", "edit"] })}>
                {t("reload")}
              </Button>
            </div>
          ) : (
            <FormFault error={save.error} />
          )}
          <Card title={t("section.brand")}>
            <Row help={t("help.name")}>
              <Form.Item name="name" label={t("field.name")} rules={[{ required: true, whitespace: true, max: 80, message: t("name_missing") }]}>
                <Input maxLength={80} />
              </Form.Item>
            </Row>
            <Row help={t("help.time_zone")}>
              <Form.Item name="time_zone" label={t("field.time_zone")}>
                <Select showSearch options={zones} />
              </Form.Item>
            </Row>
            <Row help={t("help.currency")}>
              <Form.Item name="currency" label={t("field.currency")}>
                <Select showSearch={{ optionFilterProp: "label" }} options={currencies} />
              </Form.Item>
            </Row>
            <Row help={t("help.region")}>
              <Form.Item name="region" label={t("field.region")}>
                <Select showSearch={{ optionFilterProp: "label" }} options={regions} />
              </Form.Item>
            </Row>
          </Card>
          <Card title={t("section.rules")}>
            <Row help={t("help.active_days")}>
              <Form.Item {...number("active_days")} label={t("field.active_days")}>
                <InputNumber suffix={t("days")} min={1} precision={0} />
              </Form.Item>
            </Row>
            <Row help={t("help.quarantine_after")}>
              <Form.Item {...number("quarantine_after")} label={t("field.quarantine_after")}>
                <InputNumber suffix={t("persons")} min={1} precision={0} />
              </Form.Item>
            </Row>
            <Row help={t("help.reject_retention_days")}>
              <Form.Item {...number("reject_retention_days")} label={t("field.reject_retention_days")}>
                <InputNumber suffix={t("days")} min={1} precision={0} />
              </Form.Item>
            </Row>
          </Card>
        </div>
        <div className="third">
          <Preview draft={draft} />
        </div>
      </div>
      {owner ? (
        changed.length > 0 && (
          <div className="save-bar" role="status">
            <span className="grow">{t("unsaved", { count: changed.length })}</span>
            <Button onClick={() => form.resetFields()}>{t("ui:discard")}</Button>
            <ActButton htmlType="submit" loading={save.isPending && { delay: 300 }}>
              {t("ui:save")}
            </ActButton>
          </div>
        )
      ) : (
        <p className="muted settings-hint">{t("owner_only")}</p>
      )}
    </Form>
  );
}

function Row({ help, children }: { help: string; children: ReactNode }) {
  return (
    <div className="field-row">
      {children}
      <p className="field-help">{help}</p>
    </div>
  );
}

/** How days, times and money will look with what is typed. */
function Preview({ draft }: { draft: Settings }) {
  const t = useT("system");
  const lang = useLang();
  const now = useNow();
  const fmt = formats(lang, draft.time_zone, draft.currency);
  const at = new Date(now).toISOString();
  const since = new Date(now - (Number(draft.active_days) || 1) * 86_400_000 + 86_400_000);
  return (
    <Card title={t("preview.title")} note={t("preview.note")} className="preview">
      <dl className="facts">
        <dt>{t("preview.now")}</dt>
        <dd>{fmt.time(at)}</dd>
        <dt>{t("preview.today")}</dt>
        <dd>{fmt.longDay(fmt.dayOf(at))}</dd>
        <dt>{t("preview.money")}</dt>
        <dd>{fmt.money(1_234_500)}</dd>
        <dt>{t("preview.active")}</dt>
        <dd>{t("preview.since", { day: fmt.longDay(fmt.dayOf(since)) })}</dd>
      </dl>
    </Card>
  );
}
