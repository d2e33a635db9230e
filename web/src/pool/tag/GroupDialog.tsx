import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Form, Input, Modal } from "antd";
import { useState } from "react";
import { api, call, once } from "../../api/client";
import type { TagGroup, TagGroupIn } from "../../api/rules";
import { FormFault } from "../../auth/fault";
import { useT } from "../../app/i18n";
import { explain } from "../../ui/states";
import { ColourPick } from "../definition/ColourPick";

/** Makes or changes a group of tags. */
export function GroupDialog({ group, onClose }: { group?: TagGroup; onClose: () => void }) {
  const t = useT("tag");
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const [form] = Form.useForm<TagGroupIn>();
  const [key] = useState(once);
  const done = () => {
    void client.invalidateQueries({ queryKey: ["tags"] });
    void client.invalidateQueries({ queryKey: ["rules", "schema"] });
    onClose();
  };
  const save = useMutation({
    mutationFn: (body: TagGroupIn) =>
      group
        ? call(api.PUT("/tag-groups/{key}", { params: { path: { key: group.key }, header: { "If-Match": `"v${group.version}"` } }, body }))
        : call(api.POST("/tag-groups", { params: { header: { "Idempotency-Key": key } }, body })),
    onSuccess: () => {
      void message.success(t("ui:saved"));
      done();
    },
  });
  const archive = useMutation({
    mutationFn: () => call(api.POST("/tag-groups/{key}/state", { params: { path: { key: group?.key ?? "" } }, body: { state: "archived" } })),
    onSuccess: done,
    onError: (err) => void message.error(explain(err)),
  });
  return (
    <Modal
      open
      title={group ? t("group.edit", { title: group.title }) : t("group.new")}
      onCancel={onClose}
      footer={
        <div className="row">
          {group && (
            <Button danger type="text" onClick={() => modal.confirm({ title: t("definition:act.ask_archive", { title: group.title }), icon: null, content: t("group.archive_text"), okText: t("definition:act.archive"), onOk: () => archive.mutateAsync().catch(() => undefined) })}>
              {t("definition:act.archive")}
            </Button>
          )}
          <span className="grow" />
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="primary" loading={save.isPending && { delay: 300 }} onClick={() => void form.validateFields().then((v) => save.mutate({ ...v, description: v.description ?? "" }), () => undefined)}>
            {t("ui:save")}
          </Button>
        </div>
      }
    >
      <Form form={form} layout="vertical" requiredMark={false} initialValues={group ?? { title: "", description: "", exclusive: false, color: "" }}>
        <FormFault error={save.error} />
        <Form.Item name="title" label={t("definition:field.title")} rules={[{ required: true, whitespace: true, message: t("title_missing") }]}>
          <Input maxLength={80} placeholder={t("group.hint")} autoFocus />
        </Form.Item>
        <Form.Item name="description" label={t("definition:field.description")}>
          <Input maxLength={500} />
        </Form.Item>
        <Form.Item name="exclusive" valuePropName="checked" extra={t("exclusive_help")}>
          <Checkbox>{t("group.exclusive")}</Checkbox>
        </Form.Item>
        <Form.Item name="color" label={t("definition:field.color")}>
          <ColourPick />
        </Form.Item>
      </Form>
    </Modal>
  );
}
