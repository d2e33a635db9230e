import { CodeOutlined } from "@ant-design/icons";
import { Button, Modal } from "antd";
import { useState } from "react";
import { useT } from "../../app/i18n";
import { CopyButton } from "../../ui/CopyText";
import type { Common } from "./wire";

/** The question as JSON, for the API and for `huoshui insight run`. */
export function CopyQuery({ kind, query }: { kind: string; query: Common }) {
  const t = useT("query");
  const [open, setOpen] = useState(false);
  const text = JSON.stringify({ kind, ...query }, null, 2);
  return (
    <>
      <Button icon={<CodeOutlined aria-hidden />} aria-label={t("copy.action")} title={t("copy.action")} onClick={() => setOpen(true)} />
      <Modal open={open} onCancel={() => setOpen(false)} title={t("copy.title")} footer={null} destroyOnHidden>
        <div className="dialog-stack">
          <p className="muted">{t("copy.note")}</p>
          <div className="query-json">
            <pre tabIndex={0}>{text}</pre>
            <CopyButton text={text} />
          </div>
          <p className="muted">{t("copy.how")}</p>
          <div className="query-json">
            <pre tabIndex={0}>{`huoshui insight run query.json\ncurl -X POST ${location.origin}/api/v1/insight/query -d @query.json`}</pre>
          </div>
        </div>
      </Modal>
    </>
  );
}
