import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Checkbox, Modal, Upload } from "antd";
import { useState } from "react";
import { api, call } from "../../api/client";
import type { TagImported, TagRun } from "../../api/rules";
import { FormFault } from "../../auth/fault";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";

/** Puts tags on people from a file. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const t = useT("tag");
  const client = useQueryClient();
  const [file, setFile] = useState<File>();
  const [create, setCreate] = useState(false);
  const send = useMutation({
    mutationFn: (f: File) =>
      call(
        api.POST("/tag-imports", {
          params: { query: { create } },
          // a file as it is: not the JSON that other operations take
          body: f as unknown as string,
          bodySerializer: (b: unknown) => b as BodyInit,
          headers: { "Content-Type": "text/csv" },
        }),
      ),
    onSuccess: () => {
      for (const key of ["tags", "people", "rules"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const done = send.data;
  return (
    <Modal
      open
      width={640}
      title={t("import.title")}
      onCancel={onClose}
      okText={t(done ? "ui:close" : "import.go")}
      okButtonProps={{ disabled: file === undefined && !done }}
      cancelButtonProps={{ style: { display: done ? "none" : undefined } }}
      confirmLoading={send.isPending}
      onOk={() => (done ? onClose() : file && send.mutate(file))}
    >
      <div className="dialog-stack">
        <FormFault error={send.error} />
        {done ? (
          <Result done={done} />
        ) : (
          <>
            <p>{t("import.text")}</p>
            <pre className="mono muted">{t("import.example")}</pre>
            <Upload.Dragger accept=".csv,text/csv" maxCount={1} beforeUpload={(f) => (setFile(f), false)} onRemove={() => setFile(undefined)}>
              {t("import.drop")}
            </Upload.Dragger>
            <Checkbox checked={create} onChange={(e) => setCreate(e.target.checked)}>
              {t("import.create")}
            </Checkbox>
          </>
        )}
      </div>
    </Modal>
  );
}

function Result({ done }: { done: TagImported }) {
  const t = useT("tag");
  const fmt = useFmt();
  const sum = (of: (run: TagRun) => number) => done.runs.reduce((n, run) => n + of(run), 0);
  const figures = { rows: done.rows, people: done.people, changed: sum((r) => r.changed), already: sum((r) => r.already), unknown_people: done.unknown_people, unknown_tags: done.unknown_tags };
  return (
    <>
      <p className="tag-result">
        {Object.entries(figures).map(([k, n]) => (
          <span key={k}>
            {t(`import.${k}`)} <b>{fmt.int(n)}</b>
          </span>
        ))}
      </p>
      {done.problems.length > 0 && (
        <ul>
          {done.problems.slice(0, 20).map((p, i) => (
            <li key={i}>
              <span className="muted">{t("import.line", { n: p.line })}</span> <span title={p.message}>{t(`import.problem.${p.code}`, { defaultValue: p.message })}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
