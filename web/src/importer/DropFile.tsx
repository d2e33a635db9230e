import { InboxOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { useRef, useState, type DragEvent } from "react";
import { upload } from "../api/client";
import type { ImportFile } from "../api/types";
import { FormFault } from "../auth/fault";
import { useT } from "../app/i18n";
import { ActButton } from "../ui/ActButton";
import { useFmt } from "../ui/format";

const accepted = ".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,.json,.gz";

/** A place to drop a file; shows how far the upload is. */
export function DropFile({ onFile }: { onFile: (file: ImportFile) => void }) {
  const t = useT("importer");
  const fmt = useFmt();
  const input = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController>(undefined);
  const [over, setOver] = useState(false);
  const [part, setPart] = useState(0);
  const send = useMutation({
    mutationFn: (file: File) => {
      setPart(0);
      stop.current = new AbortController();
      return upload<ImportFile>("/imports/files", file, setPart, stop.current.signal);
    },
    onSuccess: onFile,
  });
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file !== undefined && !send.isPending) send.mutate(file);
  };
  const drop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    take(e.dataTransfer.files);
  };
  const stopped = send.error instanceof DOMException && send.error.name === "AbortError";

  return (
    <section className={`drop ${over ? "over" : ""}`} onDragOver={(e) => (e.preventDefault(), setOver(true))} onDragLeave={() => setOver(false)} onDrop={drop}>
      <InboxOutlined className="drop-icon" aria-hidden />
      {send.isPending ? (
        <>
          <h2>{part < 1 ? t("drop.sending", { name: send.variables.name }) : t("drop.reading")}</h2>
          <div className="drop-progress">
            <Progress percent={Math.floor(part * 100)} status="active" />
          </div>
          <p className="muted">{t("drop.bytes", { done: fmt.bytes(send.variables.size * part), all: fmt.bytes(send.variables.size) })}</p>
          {part < 1 && <Button onClick={() => stop.current?.abort()}>{t("ui:cancel")}</Button>}
        </>
      ) : (
        <>
          <h2>{t("drop.title")}</h2>
          <p className="muted">{t("drop.text")}</p>
          {send.isError && !stopped && <FormFault error={send.error} />}
          <input ref={input} type="file" accept={accepted} className="visually-hidden" tabIndex={-1} aria-label={t("drop.choose")} onChange={(e) => (take(e.target.files), (e.target.value = ""))} />
          <ActButton onClick={() => input.current?.click()}>{t("drop.choose")}</ActButton>
          <ul className="drop-kinds">
            {(["people", "order-lines", "events"] as const).map((p) => (
              <li key={p}>
                <b>{t(`preset.${p}.title`)}</b>
                <span className="muted">{t(`preset.${p}.text`)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
