import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Form, Input, Modal, Radio } from "antd";
import { api, call } from "../../api/client";
import { asApiError } from "../../api/error";
import type { Role } from "../../api/types";
import { useT } from "../../app/i18n";
import { FormFault } from "../../auth/fault";
import { minPassword } from "../../auth/password";
import { humanRoles } from "./Members";
import { PasswordField } from "./PasswordField";

interface Fields {
  email: string;
  name: string;
  role: Role;
  password: string;
}

export function AddMember({ onClose }: { onClose: () => void }) {
  const t = useT("team");
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const add = useMutation({
    mutationFn: (body: Fields) => call(api.POST("/users", { body })),
    onSuccess: (user) => {
      void client.invalidateQueries({ queryKey: ["users"] });
      void message.success(t("add.done", { name: user.name }));
      onClose();
    },
    onError: (err) => {
      const e = asApiError(err);
      form.setFields((["email", "name", "role", "password"] as const).map((name) => ({ name, errors: [e.field(name) ?? []].flat() })));
    },
  });
  return (
    <Modal open title={t("add.title")} onCancel={onClose} onOk={form.submit} okText={t("add.go")} confirmLoading={add.isPending} width={520}>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} validateTrigger="onBlur" onFinish={add.mutate} initialValues={{ role: "operator" }}>
        <FormFault error={add.error} />
        <Form.Item name="name" label={t("members.name")} rules={[{ required: true, whitespace: true, message: t("add.name_missing") }]}>
          <Input autoFocus maxLength={80} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="email"
          label={t("auth:email")}
          normalize={(v: string) => v.trim()}
          rules={[
            { required: true, message: t("auth:email_missing") },
            { type: "email", message: t("auth:email_wrong") },
          ]}
        >
          <Input inputMode="email" autoComplete="off" />
        </Form.Item>
        <Form.Item name="role" label={t("members.role")}>
          <Radio.Group className="role-pick">
            {humanRoles.map((r) => (
              <Radio key={r} value={r}>
                <b>{t(`app:role.${r}`)}</b>
                <small>{t(`role.can.${r}`)}</small>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        <PasswordField label={t("add.password")} help={t("add.password_help", { n: minPassword })} />
      </Form>
    </Modal>
  );
}
