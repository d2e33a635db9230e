import { DownloadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useT } from "../app/i18n";
import { saveText, toCsv, type Cell } from "./csv";

/** Saves what is shown as a CSV file. */
export function CsvButton({ file, head, rows }: { file: string; head: string[]; rows: Cell[][] }) {
  const t = useT("ui");
  return (
    <Button
      type="text"
      icon={<DownloadOutlined aria-hidden />}
      aria-label={t("list.csv")}
      title={t("list.csv")}
      disabled={rows.length === 0}
      onClick={() => saveText(`${file}.csv`, toCsv(head, rows))}
    />
  );
}
