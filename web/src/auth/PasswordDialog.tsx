import { useMutation } from "@tanstack/react-query";
import { App, Form, Input, Modal } from "antd";
import { api, call } from "../api/client";
import { useT } from "../app/i18n";
import { FormFault } from "./fault";
import { minPassword } from "./password";
import "./auth.css";

interface Fields {
  current: string;
  next: string;
}

/** Changes the signed-in user's own password. */
export default function PasswordDialog({ onClose }: { onClose: () => void }) {
  const t = useT("auth");
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const change = useMutation({
    mutationFn: (body: Fields) => call(api.POST("/session/password", { body })),
    onSuccess: () => {
      void message.success(t("password_changed"));
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t("app:password.change")}
      onCancel={onClose}
      onOk={form.submit}
      okText={t("ui:save")}
      confirmLoading={change.isPending}
      width={440}
    >
      <Form<Fields> form={form} layout="vertical" requiredMark={false} onFinish={change.mutate} validateTrigger="onBlur">
        <FormFault error={change.error} />
        <Form.Item name="current" label={t("password_current")} rules={[{ required: true, message: t("password_missing") }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="next"
          label={t("password_next")}
          extra={t("password_help", { n: minPassword })}
          rules={[{ required: true, min: minPassword, message: t("password_short", { n: minPassword }) }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
