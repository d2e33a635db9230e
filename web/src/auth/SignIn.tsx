import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { Form, Input } from "antd";
import { useEffect } from "react";
import { api, call } from "../api/client";
import { useT } from "../app/i18n";
import { keepSession } from "../app/session";
import { ActButton } from "../ui/ActButton";
import { FormFault, useThrottle } from "./fault";
import { Gate } from "./Gate";

interface Fields {
  email: string;
  password: string;
}

export function SignIn() {
  const t = useT("auth");
  const client = useQueryClient();
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  const signIn = useMutation({
    mutationFn: (body: Fields) => call(api.POST("/session", { body })),
    onSuccess: (session) => {
      keepSession(client, session);
      router.history.push(next ?? "/");
    },
  });
  const wait = useThrottle(signIn.error);
  useEffect(() => {
    document.title = t("sign_in.title");
  }, [t]);

  return (
    <Gate title={t("sign_in.title")} text={t("sign_in.text")}>
      <Form<Fields> layout="vertical" requiredMark={false} onFinish={signIn.mutate} validateTrigger="onBlur">
        <FormFault error={signIn.error} />
        <Form.Item
          name="email"
          label={t("email")}
          normalize={(v: string) => v.trim()}
          rules={[
            { required: true, message: t("email_missing") },
            { type: "email", message: t("email_wrong") },
          ]}
        >
          <Input autoComplete="username" inputMode="email" autoFocus size="large" />
        </Form.Item>
        <Form.Item name="password" label={t("password")} rules={[{ required: true, message: t("password_missing") }]}>
          <Input.Password autoComplete="current-password" size="large" />
        </Form.Item>
        <ActButton htmlType="submit" size="large" loading={signIn.isPending && { delay: 300 }} disabled={wait > 0}>
          {wait > 0 ? t("sign_in.wait", { seconds: wait }) : t("sign_in.go")}
        </ActButton>
      </Form>
      <p className="muted">{t("sign_in.forgot")}</p>
    </Gate>
  );
}
