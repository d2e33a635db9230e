import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { api, call, callWithETag } from "../../api/client";
import { asApiError } from "../../api/error";
import type { MailIn, MailSettings } from "../../api/health";
import { useT } from "../../app/i18n";
import { useLang } from "../../app/prefs";
import { useSession } from "../../app/session";
import { FormFault } from "../../auth/fault";
import { ActButton } from "../../ui/ActButton";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { Await } from "../../ui/states";

const ports = { tls: 465, starttls: 587, none: 25 } as const;
const fields = ["server", "port", "security", "user", "password", "from"] as const;

/** Through which server e-mail is sent; owners only. */
export function MailTab() {
  const found = useQuery({ queryKey: ["settings", "mail"], queryFn: () => callWithETag(api.GET("/settings/mail")), staleTime: 0 });
  return (
    <Await query={found}>
      {({ data, etag }) => (
        <div className="grid">
          <div className="two-thirds">
            <MailForm key={etag} settings={data} etag={etag} />
          </div>
          <div className="third">
            <Test settings={data} />
          </div>
        </div>
      )}
    </Await>
  );
}

function MailForm({ settings, etag }: { settings: MailSettings; etag: string }) {
  const t = useT("mail");
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<MailIn>();
  const typed = Form.useWatch([], form) as MailIn | undefined;
  const now = { ...settings, ...typed };
  const sameDoor = now.server === settings.server && now.port === settings.port && now.security === settings.security && now.user === settings.user;
  const kept = settings.password_set && sameDoor;
  const save = useMutation({
    mutationFn: (v: MailIn) => {
      const user = v.security === "none" ? "" : (v.user ?? "").trim();
      const body: MailIn = { server: (v.server ?? "").trim(), port: v.port, security: v.security, user, from: (v.from ?? "").trim(), ...(user !== "" && v.password && { password: v.password }) };
      return callWithETag(api.PUT("/settings/mail", { params: { header: etag === "" ? {} : { "If-Match": etag } }, body }));
    },
    onSuccess: (answer) => {
      client.setQueryData(["settings", "mail"], answer);
      void client.invalidateQueries({ queryKey: ["alert-rules"] });
      void message.success(t("ui:saved"));
    },
    onError: (err) => {
      const e = asApiError(err);
      form.setFields(fields.map((name) => ({ name, errors: [e.field(name) ?? []].flat() })));
    },
  });
  return (
    <Card title={t("title")} note={t("note")}>
      <Form<MailIn> form={form} layout="vertical" requiredMark={false} initialValues={{ ...settings, password: "" }} onFinish={(v) => save.mutate(v)}>
        <FormFault error={save.error} />
        <Form.Item name="server" label={t("server")} extra={t("server_help")}>
          <Input placeholder="smtp.example.com" autoComplete="off" />
        </Form.Item>
        <Form.Item name="security" label={t("security.label")}>
          <Select options={(["tls", "starttls", "none"] as const).map((s) => ({ value: s, label: t(`security.${s}`) }))} onChange={(s: keyof typeof ports) => form.setFieldValue("port", ports[s])} />
        </Form.Item>
        <Form.Item name="port" label={t("port")}>
          <InputNumber min={1} max={65535} precision={0} />
        </Form.Item>
        {now.security !== "none" && (
          <>
            <Form.Item name="user" label={t("user")} extra={t("user_help")}>
              <Input autoComplete="off" />
            </Form.Item>
            <Form.Item name="password" label={t("password")} extra={t(kept ? "password_kept" : "password_help")}>
              <Input.Password autoComplete="new-password" placeholder={kept ? "••••••••" : ""} />
            </Form.Item>
          </>
        )}
        <Form.Item name="from" label={t("from")} extra={t("from_help")}>
          <Input placeholder="Living Water <pool@example.com>" autoComplete="off" />
        </Form.Item>
        <div className="dialog-foot">
          <ActButton htmlType="submit" loading={save.isPending && { delay: 300 }}>
            {t("ui:save")}
          </ActButton>
        </div>
      </Form>
    </Card>
  );
}

/** Sends a test message through what is saved. */
function Test({ settings }: { settings: MailSettings }) {
  const t = useT("mail");
  const fmt = useFmt();
  const lang = useLang();
  const { user } = useSession();
  const [to, setTo] = useState(user.email);
  const send = useMutation({ mutationFn: () => call(api.POST("/settings/mail/test", { body: { to: to.trim(), language: lang } })) });
  return (
    <Card title={t("test.title")} note={settings.ready ? t("test.note") : t("test.not_ready")}>
      <div className="dialog-stack">
        <Input value={to} aria-label={t("test.to")} disabled={!settings.ready} onChange={(e) => setTo(e.target.value)} />
        <Button disabled={!settings.ready || to.trim() === ""} loading={send.isPending && { delay: 300 }} onClick={() => send.mutate()}>
          {t("test.send")}
        </Button>
        {send.isSuccess && <p role="status">{t("test.done", { to, ms: fmt.int(Math.round(send.data.took_ms)) })}</p>}
        <FormFault error={send.error} />
      </div>
    </Card>
  );
}
