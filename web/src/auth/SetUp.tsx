import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Form, Input } from "antd";
import { useEffect } from "react";
import { api, call } from "../api/client";
import { asApiError } from "../api/error";
import { useT } from "../app/i18n";
import { keepSession } from "../app/session";
import { ActButton } from "../ui/ActButton";
import { FormFault } from "./fault";
import { Gate } from "./Gate";
import { minPassword, strength } from "./password";

interface Fields {
  email: string;
  name: string;
  password: string;
}

/** First run: makes the owner's account. Only while nobody can sign in. */
export function SetUp() {
  const t = useT("auth");
  const client = useQueryClient();
  const router = useRouter();
  const [form] = Form.useForm<Fields>();
  const password = Form.useWatch("password", form) ?? "";
  const make = useMutation({
    mutationFn: (body: Fields) => call(api.POST("/setup", { body })),
    onSuccess: (session) => {
      keepSession(client, session);
      router.history.push("/");
    },
    onError: (err) => {
      const e = asApiError(err);
      form.setFields((["email", "name", "password"] as const).map((name) => ({ name, errors: [e.field(name) ?? []].flat() })));
    },
  });
  useEffect(() => {
    document.title = t("set_up.title");
  }, [t]);

  const level = strength(password);
  return (
    <Gate title={t("set_up.title")} text={t("set_up.text")}>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} onFinish={make.mutate} validateTrigger="onBlur">
        <FormFault error={make.error} />
        <Form.Item name="name" label={t("name")} rules={[{ required: true, whitespace: true, message: t("name_missing") }]}>
          <Input autoComplete="name" autoFocus size="large" maxLength={80} />
        </Form.Item>
        <Form.Item
          name="email"
          label={t("email")}
          normalize={(v: string) => v.trim()}
          rules={[
            { required: true, message: t("email_missing") },
            { type: "email", message: t("email_wrong") },
          ]}
        >
          <Input autoComplete="username" inputMode="email" size="large" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("password")}
          extra={password === "" ? t("password_help", { n: minPassword }) : t(`strength.${level}`, { n: minPassword })}
          rules={[{ required: true, min: minPassword, message: t("password_short", { n: minPassword }) }]}
        >
          <Input.Password autoComplete="new-password" size="large" />
        </Form.Item>
        <ActButton htmlType="submit" size="large" loading={make.isPending && { delay: 300 }}>
          {t("set_up.go")}
        </ActButton>
      </Form>
    </Gate>
  );
}
