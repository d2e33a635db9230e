import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Form, Input, Modal, Select } from "antd";
import { api, call } from "../../api/client";
import type { Key, Role } from "../../api/types";
import { useT } from "../../app/i18n";
import { FormFault } from "../../auth/fault";
import { CopyButton } from "../../ui/CopyText";
import { keepSecret, keysQuery } from "./keysQuery";

interface Values {
  name: string;
  role?: Role;
}

/** Makes a key and shows its secret, once. */
export function NewKeyDialog({ kind, onClose }: { kind: Key["kind"]; onClose: () => void }) {
  const t = useT("key");
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const make = useMutation({
    mutationFn: (v: Values) => call(api.POST("/keys", { body: { kind, name: v.name.trim(), role: kind === "api" ? v.role : undefined } })),
    onSuccess: async (key) => {
      keepSecret(client, key, key.secret);
      await client.invalidateQueries({ queryKey: keysQuery.queryKey });
    },
  });
  const made = make.data;
  if (made !== undefined) {
    return (
      <Modal
        open
        title={t("made_title", { name: made.name })}
        onCancel={onClose}
        mask={{ closable: false }}
        footer={
          <div className="dialog-foot">
            {kind === "write" && (
              <Link to="/settings/intake/install" search={(before: { as?: string }) => ({ key: String(made.id), as: before.as })} onClick={onClose}>
                <Button>{t("to_snippets")}</Button>
              </Link>
            )}
            <Button type="primary" onClick={onClose}>
              {t("made_ok")}
            </Button>
          </div>
        }
      >
        <div className="dialog-stack">
          <Alert type="warning" showIcon title={t("once")} />
          <div className="secret">
            <code>{made.secret}</code>
            <CopyButton text={made.secret} />
          </div>
          <p className="muted">{t(`${kind}.made_text`)}</p>
        </div>
      </Modal>
    );
  }
  return (
    <Modal
      open
      title={t(`${kind}.create`)}
      onCancel={onClose}
      okText={t("create")}
      confirmLoading={make.isPending}
      onOk={() => void form.validateFields().then((v) => make.mutate(v), () => undefined)}
    >
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ role: "analyst" }}>
        <FormFault error={make.error} />
        <Form.Item name="name" label={t("name")} extra={t(`${kind}.name_help`)} rules={[{ required: true, whitespace: true, message: t("name_needed") }]}>
          <Input maxLength={60} autoFocus placeholder={t(`${kind}.name_hint`)} />
        </Form.Item>
        {kind === "api" && (
          <Form.Item name="role" label={t("col.role")} extra={t("role_help")}>
            <Select options={(["analyst", "operator", "owner", "service"] as const).map((role) => ({ value: role, label: t(`app:role.${role}`) }))} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
