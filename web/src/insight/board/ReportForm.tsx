import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Select } from "antd";
import { useState } from "react";
import type { Board, Plan, Report, ReportIn, Rhythm } from "../../api/boards";
import { api, call, once } from "../../api/client";
import { asApiError } from "../../api/error";
import { useT } from "../../app/i18n";
import { useLang, type Lang } from "../../app/prefs";
import { usePool, useSession } from "../../app/session";
import { FormFault } from "../../auth/fault";
import { boardsChanged } from "./queries";

const rhythms: readonly Rhythm[] = ["daily", "weekly", "monthly"];
const upTo = (n: number, from = 0) => Array.from({ length: n }, (_, i) => i + from);
const isAddress = (text: string) => /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/.test(text);

/** A report to make or to change. */
export function ReportForm({ board, report, onDone }: { board: Board; report?: Report; onDone: () => void }) {
  const t = useT("board");
  const lang = useLang();
  const { time_zone } = usePool();
  const { user } = useSession();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [title, setTitle] = useState(report?.title ?? board.title);
  const [plan, setPlan] = useState<Plan>(report?.plan ?? { every: "daily", weekday: 1, day: 1, hour: 9 });
  const [to, setTo] = useState<string[]>(report?.recipients ?? [user.email]);
  const [inLang, setLang] = useState<Lang>((report?.lang as Lang | undefined) ?? lang);
  const [key] = useState(once);
  const bad = to.filter((a) => !isAddress(a));
  const body: ReportIn = {
    title: title.trim(),
    plan: { every: plan.every, hour: plan.hour, weekday: plan.every === "weekly" ? (plan.weekday ?? 1) : undefined, day: plan.every === "monthly" ? (plan.day ?? 1) : undefined },
    recipients: to,
    lang: inLang,
    address: location.origin,
  };
  const save = useMutation({
    mutationFn: () =>
      report
        ? call(api.PUT("/insight/reports/{key}", { params: { path: { key: report.key }, header: { "If-Match": `"v${report.version}"` } }, body }))
        : call(api.POST("/insight/boards/{key}/reports", { params: { path: { key: board.key }, header: { "Idempotency-Key": key } }, body })),
    onSuccess: async () => {
      await boardsChanged(client);
      void message.success(t("saved"));
      onDone();
    },
  });
  const violations = save.error ? asApiError(save.error).violations : [];
  const ready = title.trim() !== "" && to.length > 0 && bad.length === 0;
  return (
    <Form layout="vertical" className="card board-form" onFinish={() => ready && save.mutate()}>
      <FormFault error={save.error} />
      {violations.map((v) => (
        <p key={v.location} className="bad">
          {v.message}
        </p>
      ))}
      <div className="board-fields">
        <Form.Item label={t("field.title")}>
          <Input value={title} maxLength={80} aria-label={t("field.title")} onChange={(e) => setTitle(e.target.value)} />
        </Form.Item>
        <Form.Item label={t("report.every")}>
          <div className="row">
            <Select value={plan.every} aria-label={t("report.every")} onChange={(every) => setPlan({ ...plan, every })} options={rhythms.map((r) => ({ value: r, label: t(`rhythm.${r}`) }))} />
            {plan.every === "weekly" && <Select value={plan.weekday ?? 1} aria-label={t("report.weekday")} onChange={(weekday) => setPlan({ ...plan, weekday })} options={upTo(7, 1).map((d) => ({ value: d, label: t(`weekday.${d}`) }))} />}
            {plan.every === "monthly" && <Select value={plan.day ?? 1} aria-label={t("report.day")} onChange={(day) => setPlan({ ...plan, day })} options={upTo(31, 1).map((d) => ({ value: d, label: t("report.nth", { day: d }) }))} />}
            <Select value={plan.hour} aria-label={t("report.hour")} onChange={(hour) => setPlan({ ...plan, hour })} options={upTo(24).map((h) => ({ value: h, label: `${String(h).padStart(2, "0")}:00` }))} />
          </div>
        </Form.Item>
        <Form.Item label={t("report.lang")}>
          <Select<Lang>
            value={inLang}
            aria-label={t("report.lang")}
            onChange={setLang}
            options={[
              { value: "zh-CN", label: "中文" },
              { value: "en", label: "English" },
            ]}
          />
        </Form.Item>
      </div>
      <Form.Item label={t("report.to")} validateStatus={bad.length > 0 ? "error" : undefined} help={bad.length > 0 ? t("report.bad", { address: bad.join(", ") }) : undefined}>
        <Select mode="tags" value={to} open={false} suffixIcon={null} tokenSeparators={[",", " ", ";", "，", "；"]} aria-label={t("report.to")} placeholder={t("report.to_hint")} onChange={(all: string[]) => setTo([...new Set(all.map((a) => a.trim()).filter(Boolean))].slice(0, 50))} />
      </Form.Item>
      <p className="muted">{t("report.zone", { zone: time_zone })}</p>
      <div className="dialog-foot">
        <Button onClick={onDone}>{t("ui:cancel")}</Button>
        <Button type="primary" htmlType="submit" disabled={!ready} loading={save.isPending && { delay: 300 }}>
          {t("save")}
        </Button>
      </div>
    </Form>
  );
}
