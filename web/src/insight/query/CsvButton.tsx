import { DownloadOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useState } from "react";
import { useT } from "../../app/i18n";
import { useLang } from "../../app/prefs";
import { saveText } from "../../ui/csv";
import { explain } from "../../ui/states";
import { askCsv, type Question } from "./question";
import type { Common } from "./wire";

/** Saves the whole answer as a CSV file, made by the server. A chart's own numbers and picture are in the menu of its card (ui/Figure). */
export function CsvButton<Q extends Common, A, Of>({ question, query }: { question: Question<Q, A, Of>; query: Q }) {
  const t = useT("query");
  const lang = useLang();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const text = await askCsv(question, query, lang);
      saveText(`${question.kind}.csv`, text.startsWith("\ufeff") ? text : `\ufeff${text}`);
    } catch (err) {
      void message.error(explain(err));
    } finally {
      setBusy(false);
    }
  };
  return <Button icon={<DownloadOutlined aria-hidden />} aria-label={t("csv")} title={t("csv")} loading={busy && { delay: 300 }} onClick={() => void save()} />;
}
