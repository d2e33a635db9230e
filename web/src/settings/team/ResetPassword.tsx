import { useMutation } from "@tanstack/react-query";
import { App, Form, Modal } from "antd";
import { api, call } from "../../api/client";
import type { User } from "../../api/types";
import { useT } from "../../app/i18n";
import { FormFault } from "../../auth/fault";
import { minPassword } from "../../auth/password";
import { PasswordField } from "./PasswordField";

export function ResetPassword({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useT("team");
  const { message } = App.useApp();
  const [form] = Form.useForm<{ password: string }>();
  const reset = useMutation({
    mutationFn: (body: { password: string }) => call(api.PATCH("/users/{id}", { params: { path: { id: user.id } }, body })),
    onSuccess: () => {
      void message.success(t("reset.done", { name: user.name }));
      onClose();
    },
  });
  return (
    <Modal open title={t("reset.title", { name: user.name })} onCancel={onClose} onOk={form.submit} okText={t("reset.go")} confirmLoading={reset.isPending} width={480}>
      <Form form={form} layout="vertical" requiredMark={false} validateTrigger="onBlur" onFinish={reset.mutate}>
        <FormFault error={reset.error} />
        <PasswordField label={t("auth:password_next")} help={t("reset.help", { n: minPassword })} />
      </Form>
    </Modal>
  );
}
