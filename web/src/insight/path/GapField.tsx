import { InputNumber, Select, Switch } from "antd";
import { useT } from "../../app/i18n";
import { gapOf, units, type Unit } from "./query";

/** After how long a pause a path ends, if it does. */
export function GapField({ value, onChange }: { value: string | undefined; onChange: (gap: string | undefined) => void }) {
  const t = useT("path");
  const gap = gapOf(value);
  return (
    <div className="row">
      <Switch size="small" checked={gap !== undefined} aria-label={t("gap.title")} onChange={(on) => onChange(on ? "30m" : undefined)} />
      {gap && (
        <>
          <InputNumber min={1} max={gap.unit === "d" ? 366 : 9999} precision={0} value={gap.n} aria-label={t("gap.label")} onChange={(n) => n !== null && onChange(`${n}${gap.unit}`)} />
          <Select<Unit> value={gap.unit} aria-label={t("gap.unit")} popupMatchSelectWidth={false} options={units.map((u) => ({ value: u, label: t(`gap.${u}`) }))} onChange={(u) => onChange(`${gap.n}${u}`)} />
        </>
      )}
    </div>
  );
}
