import { PushpinOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import type { SaveChartProps } from "../query/SaveChart";

const SaveChartDialog = lazy(async () => ({ default: (await import("./SaveChartDialog")).SaveChartDialog }));

/** On the page of every kind of question: keeps what is asked as a chart. */
export function SaveChartButton({ kind, query, title }: SaveChartProps) {
  const t = useT("board");
  const may = useMay("operator");
  const [open, setOpen] = useState(false);
  if (!may) return null;
  return (
    <>
      <Button type="primary" icon={<PushpinOutlined aria-hidden />} onClick={() => setOpen(true)}>
        {t("save_chart.action")}
      </Button>
      {open && (
        <Suspense>
          <SaveChartDialog open onClose={() => setOpen(false)} query={{ ...query, kind }} title={title} />
        </Suspense>
      )}
    </>
  );
}
