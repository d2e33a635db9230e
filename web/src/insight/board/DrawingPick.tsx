import { Segmented } from "antd";
import type { Drawing } from "../../api/boards";
import { useT } from "../../app/i18n";

/** How a chart is drawn on boards. */
export function DrawingPick({ value, onChange }: { value: Drawing; onChange: (d: Drawing) => void }) {
  const t = useT("board");
  return (
    <Segmented<Drawing>
      value={value}
      aria-label={t("field.draw")}
      onChange={onChange}
      options={[
        { value: "", label: t("draw.auto") },
        { value: "table", label: t("draw.table") },
        { value: "figures", label: t("draw.figures") },
      ]}
    />
  );
}
