import { LeftOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Alert, App, Button, Progress } from "antd";
import { api, apiBase, call } from "../api/client";
import type { Import } from "../api/types";
import { useT } from "../app/i18n";
import { useMay } from "../app/session";
import { useFmt } from "../ui/format";
import { PageHead } from "../ui/PageHead";
import { Stat } from "../ui/Stat";
import { Await, explain } from "../ui/states";
import { isRunning, outcome, percent, took } from "./progress";
import { importQuery } from "./queries";
import { StateMark } from "./StateMark";
import "./importer.css";

/** One import: how far it is, then what came of it. */
export function ProgressPage() {
  const { id } = useParams({ from: "/shell/settings/import/$id" });
  const query = useQuery(importQuery(Number(id)));
  return <Await query={query}>{(item) => <Shown item={item} />}</Await>;
}

function Shown({ item }: { item: Import }) {
  const t = useT("importer");
  const fmt = useFmt();
  const running = isRunning(item);
  const seconds = took(item);
  const answer = running ? t("progress.calm") : item.state === "done" ? t(`outcome.${outcome(item)}`) : t(`ended.${item.state}`);
  return (
    <>
      <PageHead
        above={
          <Link to="/settings/import" className="back">
            <LeftOutlined aria-hidden /> {t("history.title")}
          </Link>
        }
        title={item.file}
        answer={answer}
        actions={<Actions item={item} />}
      />
      <div className="stack">
        {item.state === "failed" && <Alert type="error" showIcon title={t(`fault.${item.code.replaceAll(".", "_")}`, { defaultValue: item.error })} description={<code>{item.code}</code>} />}
        <section className="card">
          <div className="progress-head">
            <StateMark item={item} />
            <span className="muted">{t(`preset.${item.preset}.title`)}</span>
            <span className="grow" />
            <span className="muted">
              {running
                ? [t(`phase.${item.phase}`), item.rate_per_s > 0 && t("progress.rate", { n: fmt.int(item.rate_per_s) }), item.phase === "reading" && item.eta_s > 0 && (item.eta_s < 60 ? t("progress.soon") : t("progress.left", { span: fmt.span(item.eta_s) }))].filter(Boolean).join(" · ")
                : seconds !== undefined && t("progress.took", { span: seconds < 60 ? t("progress.seconds", { n: seconds.toFixed(1) }) : fmt.span(seconds) })}
            </span>
          </div>
          <Progress percent={percent(item)} status={running ? "active" : item.state === "failed" ? "exception" : item.state === "done" ? "success" : "normal"} />
          <div className="progress-figures">
            <Stat label={t("count.done")} value={fmt.int(item.done)} note={item.rows > item.done ? t("progress.of", { n: fmt.int(item.rows) }) : undefined} />
            <Stat label={t("count.accepted")} value={fmt.int(item.accepted)} help={t("count.accepted_help")} />
            <Stat label={t("count.duplicates")} value={fmt.int(item.duplicates)} help={t("count.duplicates_help")} />
            <Stat
              label={t("count.rejected")}
              value={fmt.int(item.rejected)}
              help={t("count.rejected_help")}
              note={!running && item.rejected > 0 && <a href={`${apiBase}/imports/${item.id}/rejects.csv`}>{t("progress.rejects")}</a>}
            />
          </div>
        </section>
        <p className="muted">
          {item.author !== "" && t("progress.by", { author: item.author })} {item.started_at && fmt.time(item.started_at)}
        </p>
      </div>
    </>
  );
}

function Actions({ item }: { item: Import }) {
  const t = useT("importer");
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const mayOperate = useMay("operator");
  const change = useMutation({
    mutationFn: (what: "cancel" | "resume") => call(api.POST(`/imports/{id}/${what}`, { params: { path: { id: item.id } } })),
    onSuccess: async () => client.invalidateQueries({ queryKey: ["imports"] }),
    onError: (err) => void message.error(explain(err)),
  });
  const cancel = () =>
    modal.confirm({
      title: t("cancel.title"),
      content: t("cancel.text"),
      okText: t("cancel.ok"),
      okButtonProps: { danger: true },
      cancelText: t("cancel.no"),
      onOk: () => change.mutateAsync("cancel").catch(() => undefined),
    });
  return (
    <>
      {mayOperate && isRunning(item) && (
        <Button danger onClick={cancel} loading={change.isPending && { delay: 300 }}>
          {t("cancel.action")}
        </Button>
      )}
      {mayOperate && (item.state === "failed" || item.state === "cancelled") && (
        <Button type="primary" onClick={() => change.mutate("resume")} loading={change.isPending && { delay: 300 }}>
          {t("resume")}
        </Button>
      )}
      {item.state === "done" && (
        <Link to="/pool/people">
          <Button type="primary">{t("to_people")}</Button>
        </Link>
      )}
    </>
  );
}
