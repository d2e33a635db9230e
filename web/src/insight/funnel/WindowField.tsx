import { InputNumber, Select } from "antd";
import { useT } from "../../app/i18n";
import { amountOf, units, type Unit } from "./query";

/** How long the whole way may take. */
export function WindowField({ value, onChange }: { value: string | undefined; onChange: (window: string) => void }) {
  const t = useT("funnel");
  const { n, unit } = amountOf(value) ?? { n: 7, unit: "d" as Unit };
  return (
    <div className="row">
      <InputNumber min={1} max={unit === "d" ? 366 : 9999} precision={0} value={n} aria-label={t("window.label")} onChange={(v) => v !== null && onChange(`${v}${unit}`)} />
      <Select<Unit> value={unit} aria-label={t("window.unit")} popupMatchSelectWidth={false} options={units.map((u) => ({ value: u, label: t(`window.${u}`) }))} onChange={(u) => onChange(`${n}${u}`)} />
    </div>
  );
}
