import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, App, Button, DatePicker, Form, InputNumber, Modal, Select, Switch } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { api, call } from "../../api/client";
import { asApiError } from "../../api/error";
import { sensitivities, type AlertRule, type RuleView } from "../../api/health";
import { useT } from "../../app/i18n";
import { FormFault } from "../../auth/fault";
import { ActButton } from "../../ui/ActButton";
import { minorDigits, useFmt } from "../../ui/format";
import { Card, PageHead } from "../../ui/PageHead";
import { isoDay } from "../../ui/range";
import { Await } from "../../ui/states";
import { usePool } from "../../app/session";
import { useFigure } from "./figures";
import { Webhooks } from "./Webhooks";

const rulesQuery = { queryKey: ["alert-rules"], queryFn: () => call(api.GET("/alert-rules")) };
export const webhooksQuery = { queryKey: ["webhooks"], queryFn: () => call(api.GET("/webhooks")) };

/** Which key figures are watched, how closely, and who is told. */
export function RulesTab() {
  const t = useT("health");
  const rules = useQuery(rulesQuery);
  const [editing, setEditing] = useState<RuleView>();
  return (
    <div className="stack">
      <PageHead title={t("tab.rules")} answer={t("rule.said")} />
      <Card title={t("rule.title")} note={t("rule.note")}>
        <Await query={rules}>{({ items }) => <Table items={items} edit={setEditing} />}</Await>
      </Card>
      <Webhooks />
      {editing && <RuleForm rule={editing} mailReady={rules.data?.mail_ready ?? false} onClose={() => setEditing(undefined)} />}
    </div>
  );
}

function Table({ items, edit }: { items: RuleView[]; edit: (r: RuleView) => void }) {
  const t = useT("health");
  const fmt = useFmt();
  const figure = useFigure();
  const today = fmt.dayOf(Date.now());
  const size = (r: RuleView) => [...(r.min_share > 0 ? [fmt.pct(r.min_share, 0)] : []), ...(r.min_size > 0 ? [figure(r.min_size, r.unit)] : [])].join(t("rule.and")) || t("rule.any");
  return (
    <div className="chart-table">
      <table className="plain">
        <thead>
          <tr>
            {["metric", "state", "sensitivity", "side", "size", "to"].map((k) => (
              <th scope="col" key={k}>
                {t(`rule.col.${k}`)}
              </th>
            ))}
            <th />
          </tr>
        </thead>
        <tbody>
          {items.map((r) => (
            <tr key={r.metric}>
              <td>
                <b>{t(`metric.${r.metric}`)}</b>
              </td>
              <td>
                {!r.on ? <span className="badge">{t("rule.off")}</span> : r.muted_until >= today ? <span className="badge act">{t("rule.muted", { day: fmt.day(r.muted_until) })}</span> : <span className="badge good">{t("rule.on")}</span>}
              </td>
              <td>{t(`sensitivity.${r.sensitivity}`)}</td>
              <td>{t(`rule.side.${r.side}`)}</td>
              <td>{size(r)}</td>
              <td>{[t("rule.console"), ...(r.emails.length > 0 ? [t("rule.emails", { n: r.emails.length })] : []), ...(r.webhooks.length > 0 ? [t("rule.hooks", { n: r.webhooks.length })] : [])].join(t("rule.join"))}</td>
              <td className="num">
                <Button size="small" aria-label={t("rule.edit_of", { metric: t(`metric.${r.metric}`) })} onClick={() => edit(r)}>
                  {t("rule.edit")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One metric's rule. Sizes are typed in major units and per cent, and kept in minor units and shares. */
function RuleForm({ rule, mailReady, onClose }: { rule: RuleView; mailReady: boolean; onClose: () => void }) {
  const t = useT("health");
  const client = useQueryClient();
  const { message } = App.useApp();
  const { currency } = usePool();
  const hooks = useQuery(webhooksQuery);
  const [form] = Form.useForm<AlertRule>();
  const scale = rule.unit === "money" ? 10 ** minorDigits(currency) : rule.unit === "share" ? 0.01 : 1;
  const save = useMutation({
    mutationFn: (body: AlertRule) => call(api.PUT("/alert-rules/{metric}", { params: { path: { metric: rule.metric }, header: rule.version > 0 ? { "If-Match": `"v${rule.version}"` } : {} }, body })),
    onSuccess: () => {
      void message.success(t("ui:saved"));
      void client.invalidateQueries({ queryKey: ["alert-rules"] });
      onClose();
    },
    onError: (err) => {
      const e = asApiError(err);
      form.setFields((["emails", "min_size", "min_share"] as const).map((name) => ({ name, errors: e.violations.filter((v) => v.location.startsWith(`body.${name}`)).map((v) => v.message) })));
    },
  });
  const first = { ...rule, min_size: rule.min_size / scale, min_share: rule.min_share * 100 };
  const send = (v: AlertRule) =>
    save.mutate({
      on: v.on,
      sensitivity: v.sensitivity,
      side: v.side,
      min_size: (v.min_size ?? 0) * scale,
      min_share: (v.min_share ?? 0) / 100,
      muted_until: v.muted_until ?? "",
      emails: v.emails ?? [],
      webhooks: v.webhooks ?? [],
      language: v.language,
    });
  const unit = rule.unit === "money" ? currency : rule.unit === "share" ? "%" : t(`unit.${rule.unit}`);
  return (
    <Modal open title={t("rule.form", { metric: t(`metric.${rule.metric}`) })} onCancel={onClose} footer={null} width={560}>
      <Form<AlertRule> form={form} layout="vertical" initialValues={first} onFinish={send} requiredMark={false}>
        <FormFault error={save.error} />
        <Form.Item name="on" label={t("rule.watch")} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item name="sensitivity" label={t("sensitivity.label")} extra={t("sensitivity.help")}>
          <Select options={sensitivities.map((s) => ({ value: s, label: t(`sensitivity.${s}`) }))} />
        </Form.Item>
        <Form.Item name="side" label={t("rule.col.side")}>
          <Select options={(["both", "up", "down"] as const).map((s) => ({ value: s, label: t(`rule.side.${s}`) }))} />
        </Form.Item>
        <div className="row rule-sizes">
          <Form.Item name="min_share" label={t("rule.min_share")}>
            <InputNumber min={0} max={1000} suffix="%" />
          </Form.Item>
          <Form.Item name="min_size" label={t("rule.min_size")}>
            <InputNumber min={0} suffix={unit} />
          </Form.Item>
        </div>
        <Form.Item name="muted_until" label={t("rule.mute")} extra={t("rule.mute_help")} getValueProps={(v: string) => ({ value: v ? dayjs(v) : undefined })} getValueFromEvent={(d: dayjs.Dayjs | null) => (d ? isoDay(d) : "")}>
          <DatePicker minDate={dayjs()} />
        </Form.Item>
        <Form.Item name="emails" label={t("rule.col.emails")}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", ";", " ", "，", "；"]} placeholder="mei@example.com" />
        </Form.Item>
        {!mailReady && (
          <Alert
            type="warning"
            showIcon
            className="rule-mail"
            title={
              <>
                {t("rule.no_mail")} <Link to="/settings/system">{t("rule.no_mail_link")}</Link>
              </>
            }
          />
        )}
        <Form.Item name="webhooks" label={t("rule.col.webhooks")}>
          <Select mode="multiple" options={(hooks.data?.items ?? []).map((h) => ({ value: h.key, label: h.title }))} notFoundContent={t("hook.none")} />
        </Form.Item>
        <Form.Item name="language" label={t("rule.language")}>
          <Select options={[{ value: "zh-CN", label: "中文" }, { value: "en", label: "English" }]} />
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

