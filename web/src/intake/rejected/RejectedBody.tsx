import { useMutation } from "@tanstack/react-query";
import { Alert, App, Button, Input } from "antd";
import { useState } from "react";
import { api, call } from "../../api/client";
import type { Rejected } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { CopyButton } from "../../ui/CopyText";
import { explain } from "../../ui/states";
import { checkJson, pretty } from "./json";
import { useReasons } from "./reasons";

/** What was sent, why it was refused, and a place to set it right. */
export function RejectedBody({ rejected: r, onDone, onDrop }: { rejected: Rejected; onDone: () => Promise<void>; onDrop: () => void }) {
  const t = useT("rejected");
  const reason = useReasons()(r);
  const { message } = App.useApp();
  const mayOperate = useMay("operator");
  const [text, setText] = useState(() => pretty(r.body));
  const fault = checkJson(text);
  const open = r.state === "open";
  const fix = useMutation({
    mutationFn: () => call(api.PUT("/intake/rejected/{id}", { params: { path: { id: r.id } }, body: { body: text } })),
    onSuccess: async ({ accepted }) => {
      if (!accepted) return; // the reason is shown below
      void message.success(t("fixed"));
      await onDone();
    },
  });
  if (r.body === "") return <p className="muted">{t("hidden")}</p>;
  return (
    <div className="reject-body">
      {reason.hint !== "" && (
        <p className="reject-hint">
          <b>{t("hint")}</b> {reason.hint}
        </p>
      )}
      {open && mayOperate ? (
        <Input.TextArea
          className="json-box"
          autoSize={{ minRows: 6, maxRows: 24 }}
          spellCheck={false}
          value={text}
          status={fault ? "error" : undefined}
          aria-label={t("col.body")}
          onChange={(e) => setText(e.target.value)}
        />
      ) : (
        <pre className="mono">{text}</pre>
      )}
      {fault && <span className="json-fault">{t(`json.${fault.kind}`, { line: fault.line, column: fault.column })}</span>}
      {fix.isError && <Alert type="error" showIcon title={explain(fix.error)} />}
      {fix.data?.accepted === false && <Alert type="warning" showIcon title={t("still")} description={fix.data.reason} />}
      <div className="row">
        {open && mayOperate && (
          <>
            <Button type="primary" disabled={fault !== undefined} loading={fix.isPending && { delay: 300 }} onClick={() => fix.mutate()}>
              {t("fix")}
            </Button>
            <Button disabled={fault !== undefined} onClick={() => setText(pretty(text))}>
              {t("format")}
            </Button>
            <Button type="text" danger onClick={onDrop}>
              {t("drop")}
            </Button>
          </>
        )}
        <CopyButton text={text} />
      </div>
    </div>
  );
}
