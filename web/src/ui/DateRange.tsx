import { DatePicker, Segmented, Select } from "antd";
import dayjs from "dayjs";
import { useT } from "../app/i18n";
import { useFmt } from "./format";
import type { Grain } from "../api/types";
import { isoDay, presetRange, presets, type PresetName, type Range } from "./range";

/** Any range of days, by preset or by hand. Today is the pool's today. */
export function DateRange({ value, onChange }: { value: Range; onChange: (r: Range) => void }) {
  const t = useT("ui");
  const today = useFmt().dayOf(Date.now());
  const named = presets.find((p) => {
    const r = presetRange(p, today);
    return r.from === value.from && r.to === value.to;
  });
  return (
    <div className="row date-range" role="group" aria-label={t("range.label")}>
      <Select
        value={named ?? "any"}
        aria-label={t("range.label")}
        popupMatchSelectWidth={false}
        options={[
          ...(named ? [] : [{ value: "any", label: t("range.any") }]),
          ...presets.map((p) => ({ value: p, label: t(`range.${p}`) })),
        ]}
        onChange={(p) => p !== "any" && onChange(presetRange(p as PresetName, today))}
      />
      <DatePicker.RangePicker
        value={[dayjs(value.from), dayjs(value.to)]}
        allowClear={false}
        onChange={(v) => v?.[0] && v[1] && onChange({ from: isoDay(v[0]), to: isoDay(v[1]) })}
      />
    </div>
  );
}

export function GrainPick({ value, onChange }: { value: Grain; onChange: (g: Grain) => void }) {
  const t = useT("ui");
  return (
    <Segmented
      aria-label={t("grain.label")}
      value={value}
      onChange={(g) => onChange(g as Grain)}
      options={(["day", "week", "month"] as const).map((g) => ({ value: g, label: t(`grain.${g}`) }))}
    />
  );
}
