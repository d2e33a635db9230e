import { PlusOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Form, Input, Modal, Switch } from "antd";
import { useState } from "react";
import { api, call } from "../../api/client";
import { asApiError } from "../../api/error";
import type { Delivery, Webhook, WebhookIn } from "../../api/health";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { FormFault } from "../../auth/fault";
import { ActButton } from "../../ui/ActButton";
import { CopyButton } from "../../ui/CopyText";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { Await, EmptyState, explain } from "../../ui/states";
import { webhooksQuery } from "./RulesTab";

/** The addresses that alerts are sent to. Owners add and change them. */
export function Webhooks() {
  const t = useT("health");
  const owner = useMay("owner");
  const found = useQuery(webhooksQuery);
  const [editing, setEditing] = useState<Webhook | "new">();
  const [made, setMade] = useState<Webhook>();
  return (
    <Card
      title={t("hook.title")}
      note={t("hook.note")}
      actions={
        owner && (
          <Button icon={<PlusOutlined aria-hidden />} onClick={() => setEditing("new")}>
            {t("hook.add")}
          </Button>
        )
      }
    >
      {made?.secret && (
        <Alert
          type="success"
          closable={{ onClose: () => setMade(undefined) }}
          title={t("hook.secret", { title: made.title })}
          description={
            <div className="row">
              <code>{made.secret}</code> <CopyButton text={made.secret} />
            </div>
          }
        />
      )}
      <Await query={found} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t("hook.none")} text={t("hook.none_text")} example={<code>{"Huoshui-Signature: t=1767225600,v1=hex(HMAC-SHA256(secret, t + \".\" + body))"}</code>} />
          ) : (
            <ul className="hooks">
              {items.map((h) => (
                <Row key={h.key} hook={h} owner={owner} edit={() => setEditing(h)} made={setMade} />
              ))}
            </ul>
          )
        }
      </Await>
      {editing && <HookForm hook={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} onMade={setMade} />}
    </Card>
  );
}

function Row({ hook, owner, edit, made }: { hook: Webhook; owner: boolean; edit: () => void; made: (h: Webhook) => void }) {
  const t = useT("health");
  const fmt = useFmt();
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const [last, setLast] = useState<Delivery>();
  const params = { path: { key: hook.key } };
  const fail = (err: unknown) => void message.error(explain(err));
  const refresh = () => client.invalidateQueries({ queryKey: ["webhooks"] });
  const test = useMutation({ mutationFn: () => call(api.POST("/webhooks/{key}/test", { params })), onSuccess: setLast, onError: fail });
  const rotate = useMutation({
    mutationFn: () => call(api.POST("/webhooks/{key}/secret", { params })),
    onSuccess: (h) => {
      made(h);
      void refresh();
    },
    onError: fail,
  });
  const remove = useMutation({ mutationFn: () => call(api.DELETE("/webhooks/{key}", { params })), onSuccess: refresh, onError: fail });
  return (
    <li>
      <div className="row">
        <span className="grow">
          <b>{hook.title}</b> <span className="muted">{hook.host}</span> {!hook.on && <span className="badge">{t("rule.off")}</span>}
        </span>
        <Button size="small" loading={test.isPending && { delay: 300 }} onClick={() => test.mutate()}>
          {t("hook.test")}
        </Button>
        {owner && (
          <>
            <Button size="small" onClick={edit}>
              {t("rule.edit")}
            </Button>
            <Button size="small" onClick={() => modal.confirm({ title: t("hook.rotate_ask"), content: t("hook.rotate_effect"), onOk: () => rotate.mutateAsync().catch(() => undefined) })}>
              {t("hook.rotate")}
            </Button>
            <Button size="small" danger onClick={() => modal.confirm({ title: t("hook.remove_ask", { title: hook.title }), okButtonProps: { danger: true }, onOk: () => remove.mutateAsync().catch(() => undefined) })}>
              {t("hook.remove")}
            </Button>
          </>
        )}
      </div>
      {last && (
        <p role="status" className={last.state === "delivered" ? "muted" : "hook-failed"}>
          {last.state === "delivered" ? t("hook.ok", { status: last.status, ms: fmt.int(Math.round(last.took_ms)) }) : t("hook.bad", { note: last.note })}
        </p>
      )}
    </li>
  );
}

function HookForm({ hook, onClose, onMade }: { hook?: Webhook; onClose: () => void; onMade: (h: Webhook) => void }) {
  const t = useT("health");
  const client = useQueryClient();
  const [form] = Form.useForm<WebhookIn>();
  const save = useMutation({
    mutationFn: (v: WebhookIn) => {
      const body = { title: v.title.trim(), url: v.url?.trim() || undefined, on: v.on };
      return call(hook ? api.PUT("/webhooks/{key}", { params: { path: { key: hook.key }, header: { "If-Match": `"v${hook.version}"` } }, body }) : api.POST("/webhooks", { body }));
    },
    onSuccess: (h) => {
      if (h.secret) onMade(h);
      void client.invalidateQueries({ queryKey: ["webhooks"] });
      onClose();
    },
    onError: (err) => form.setFields((["title", "url"] as const).map((name) => ({ name, errors: [asApiError(err).field(name) ?? []].flat() }))),
  });
  return (
    <Modal open title={t(hook ? "hook.change" : "hook.add")} footer={null} onCancel={onClose}>
      <Form<WebhookIn> form={form} layout="vertical" requiredMark={false} initialValues={{ title: hook?.title ?? "", url: "", on: hook?.on ?? true }} onFinish={(v) => save.mutate(v)}>
        <FormFault error={save.error} />
        <Form.Item name="title" label={t("hook.name")} rules={[{ required: true, whitespace: true, message: t("hook.name_missing") }]}>
          <Input maxLength={80} autoFocus />
        </Form.Item>
        <Form.Item name="url" label={t("hook.url")} extra={t(hook ? "hook.url_keep" : "hook.url_help")} rules={hook ? [] : [{ required: true, message: t("hook.url_missing") }]}>
          <Input placeholder={hook ? `https://${hook.host}/…` : "https://example.com/hook"} autoComplete="off" />
        </Form.Item>
        <Form.Item name="on" label={t("rule.on")} valuePropName="checked">
          <Switch />
        </Form.Item>
        <div className="dialog-foot">
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <ActButton htmlType="submit" loading={save.isPending && { delay: 300 }}>
            {t("ui:save")}
          </ActButton>
        </div>
      </Form>
    </Modal>
  );
}
