import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Checkbox, Form, Input, Modal, Radio } from "antd";
import { api, call } from "../../api/client";
import type { IdentityKind } from "../../api/types";
import { FormFault } from "../../auth/fault";
import { useT } from "../../app/i18n";
import { useLang } from "../../app/prefs";
import { isKindKey, kindsQuery, kindTitle } from "./kinds";
import { rulesOf } from "./says";

const blank: IdentityKind = { kind: "", title: "", title_zh: "", unique: true, strong: true, merges: true, builtin: false, trait: "", rank: 0 };

/** Declares a kind of identity or changes its rules; says in words what the rules mean while one chooses. */
export function KindDialog({ kind, taken, onClose }: { kind?: IdentityKind; taken: string[]; onClose: () => void }) {
  const t = useT("kind");
  const lang = useLang();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<IdentityKind>();
  const now: IdentityKind = { ...blank, ...kind, ...Form.useWatch([], form) };
  const title = kindTitle([now], now.kind, lang) || t("nav");
  const save = useMutation({
    mutationFn: (k: IdentityKind) => call(api.PUT("/identity-kinds/{kind}", { params: { path: { kind: k.kind } }, body: k })),
    onSuccess: async () => {
      onClose();
      void message.success(t("saved"));
      await client.invalidateQueries({ queryKey: kindsQuery.queryKey });
    },
  });
  return (
    <Modal
      open
      width={640}
      title={kind ? t("edit", { title: kindTitle([kind], kind.kind, lang) }) : t("declare")}
      onCancel={onClose}
      okText={t("ui:save")}
      confirmLoading={save.isPending}
      onOk={() => void form.validateFields().then((values) => save.mutate({ ...blank, ...kind, ...values, trait: values.trait?.trim() ?? "" }), () => undefined)}
    >
      <Form form={form} layout="vertical" className="kind-form" initialValues={kind ?? blank} requiredMark={false}>
        <FormFault error={save.error} />
        {!kind && (
          <Form.Item
            name="kind"
            label={t("key")}
            extra={t("key_help")}
            rules={[
              { validator: (_, v: string) => (isKindKey(v ?? "") ? Promise.resolve() : Promise.reject(new Error(t("key_bad")))) },
              { validator: (_, v: string) => (taken.includes(v) ? Promise.reject(new Error(t("key_taken"))) : Promise.resolve()) },
            ]}
          >
            <Input placeholder="loyalty_card" maxLength={40} autoFocus />
          </Form.Item>
        )}
        <div className="kind-titles">
          <Form.Item name="title_zh" label={t("title_zh")} rules={[{ required: true, whitespace: true, message: t("title_needed") }]}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name="title" label={t("title_en")} rules={[{ required: true, whitespace: true, message: t("title_needed") }]}>
            <Input maxLength={40} />
          </Form.Item>
        </div>
        <Form.Item name="strong" label={t("strength")}>
          <Radio.Group
            options={[
              { value: true, label: t("strong") },
              { value: false, label: t("weak") },
            ]}
          />
        </Form.Item>
        <Form.Item name="merges" extra={t("merges_help")} valuePropName="checked">
          <Checkbox>{t("merges")}</Checkbox>
        </Form.Item>
        <Form.Item name="unique" extra={t("unique_help")} valuePropName="checked">
          <Checkbox>{t("unique")}</Checkbox>
        </Form.Item>
        <Form.Item name="trait" label={t("trait")} extra={t("trait_help")}>
          <Input placeholder={t("trait_none")} maxLength={64} />
        </Form.Item>
      </Form>
      <div className="kind-preview">
        <b>{t("preview")}</b>
        <ul className="kind-says">
          {rulesOf(now, title, t).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
    </Modal>
  );
}
