import { TagOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, DatePicker, Form, Input, Modal, Progress, Radio, Select } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { api, call, once } from "../../api/client";
import type { TagPeopleIn, TagRun } from "../../api/rules";
import { FormFault } from "../../auth/fault";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { tagsQuery } from "./queries";
import "./tag.css";

/** The bulk action of lists of people: puts a tag on those chosen, or takes it off. */
export function TagPeople({ people, onDone }: { people: number[]; onDone: () => void }) {
  const t = useT("tag");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<TagOutlined aria-hidden />} disabled={people.length === 0 || people.length > most} title={people.length > most ? t("bulk.most", { n: most }) : undefined} onClick={() => setOpen(true)}>
        {t("bulk.action")}
      </Button>
      {open && (
        <TagPeopleDialog
          people={people}
          onClose={(changed) => {
            setOpen(false);
            if (changed) onDone();
          }}
        />
      )}
    </>
  );
}

/** How many people one request names. */
const most = 10_000;

interface DialogProps {
  people?: number[];
  segment?: { key: string; title: string; people: number };
  onClose: (changed: boolean) => void;
}

export function TagPeopleDialog({ people, segment, onClose }: DialogProps) {
  const t = useT("tag");
  const fmt = useFmt();
  const client = useQueryClient();
  const tags = useQuery(tagsQuery({ mode: "manual" }));
  const [tag, setTag] = useState<string>();
  const [action, setAction] = useState<"add" | "remove">("add");
  const [until, setUntil] = useState<Dayjs | null>(null);
  const [note, setNote] = useState("");
  const [key] = useState(once);
  const n = people?.length ?? segment?.people ?? 0;
  const chosen = tags.data?.items.find((x) => x.key === tag);
  const group = tags.data?.groups.find((g) => g.key === chosen?.group);
  const start = useMutation({
    mutationFn: (body: TagPeopleIn) => call(api.POST("/tags/{key}/people", { params: { path: { key: tag ?? "" }, header: { "Idempotency-Key": key } }, body })),
    onSuccess: () => refresh(),
  });
  const refresh = () => {
    for (const k of ["tags", "people", "segments"]) void client.invalidateQueries({ queryKey: [k] });
  };
  const begun = start.data;
  const poll = useQuery({
    queryKey: ["tags", "runs", begun?.id],
    queryFn: async () => {
      const run = await call(api.GET("/tag-runs/{id}", { params: { path: { id: begun?.id ?? 0 } } }));
      if (run.state !== "running") refresh();
      return run;
    },
    enabled: begun?.state === "running",
    refetchInterval: (q) => (q.state.data && q.state.data.state !== "running" ? false : 500),
  });
  const run: TagRun | undefined = poll.data ?? begun;
  const close = () => onClose(run !== undefined);
  const submit = () =>
    start.mutate({
      action,
      people,
      segment: segment?.key,
      // to the end of the day that was chosen
      until: action === "add" && until ? until.endOf("day").toISOString() : undefined,
      note: note.trim() || undefined,
    });
  return (
    <Modal
      open
      title={segment ? t("bulk.title_segment", { title: segment.title, n: fmt.int(n) }) : t("bulk.title", { n: fmt.int(n) })}
      onCancel={close}
      okText={t(run ? "ui:close" : action === "add" ? "bulk.add" : "bulk.remove")}
      okButtonProps={{ disabled: run === undefined && tag === undefined }}
      cancelButtonProps={{ style: { display: run ? "none" : undefined } }}
      confirmLoading={start.isPending}
      onOk={() => (run ? close() : submit())}
    >
      {run ? (
        <Outcome run={run} />
      ) : (
        <Form layout="vertical" className="tag-dialog" requiredMark={false}>
          <FormFault error={start.error ?? tags.error} />
          <Form.Item>
            <Radio.Group
              value={action}
              onChange={(e) => setAction(e.target.value as "add" | "remove")}
              options={[
                { value: "add", label: t("bulk.put_on") },
                { value: "remove", label: t("bulk.take_off") },
              ]}
            />
          </Form.Item>
          <Form.Item label={t("nav")} extra={group?.exclusive && action === "add" ? t("bulk.replaces", { title: group.title }) : undefined}>
            <Select
              aria-label={t("nav")}
              placeholder={t("bulk.pick")}
              value={tag}
              onChange={setTag}
              loading={tags.isPending}
              showSearch={{ optionFilterProp: "label" }}
              notFoundContent={t("bulk.none")}
              options={(tags.data?.items ?? []).filter((x) => x.state === "active").map((x) => ({ value: x.key, label: x.title }))}
            />
          </Form.Item>
          {action === "add" && (
            <Form.Item label={t("bulk.until")} extra={chosen && chosen.expires_days > 0 && until === null ? t("bulk.until_usual", { n: chosen.expires_days }) : undefined}>
              <DatePicker value={until} onChange={setUntil} disabledDate={(d) => d.endOf("day").valueOf() < Date.now()} aria-label={t("bulk.until")} placeholder={t("bulk.until_none")} style={{ width: "100%" }} />
            </Form.Item>
          )}
          <Form.Item label={t("bulk.note")}>
            <Input value={note} maxLength={200} placeholder={t("bulk.note_hint")} onChange={(e) => setNote(e.target.value)} aria-label={t("bulk.note")} />
          </Form.Item>
        </Form>
      )}
    </Modal>
  );
}

function Outcome({ run }: { run: TagRun }) {
  const t = useT("tag");
  const fmt = useFmt();
  if (run.state === "running")
    return (
      <div className="dialog-stack" role="status">
        <Progress percent={run.total === 0 ? 0 : Math.floor((100 * run.done) / run.total)} />
        <p className="muted">{t("run.running", { done: fmt.int(run.done), total: fmt.int(run.total) })}</p>
      </div>
    );
  return (
    <div className="dialog-stack" role="status">
      {run.state === "failed" && <p className="rule-cycle">{t("run.failed")} {run.error}</p>}
      <p className="tag-result">
        <span>
          {t(run.action === "add" ? "run.added" : "run.removed")} <b>{fmt.int(run.changed)}</b>
        </span>
        {run.already > 0 && (
          <span>
            {t(run.action === "add" ? "run.already" : "run.had_not")} <b>{fmt.int(run.already)}</b>
          </span>
        )}
        {run.replaced > 0 && (
          <span>
            {t("run.replaced")} <b>{fmt.int(run.replaced)}</b>
          </span>
        )}
        {run.unknown > 0 && (
          <span>
            {t("run.unknown")} <b>{fmt.int(run.unknown)}</b>
          </span>
        )}
      </p>
    </div>
  );
}
