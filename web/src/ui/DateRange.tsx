import { DatePicker, Segmented, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useT } from "../app/i18n";
import { useFmt } from "./format";
import type { Grain } from "../api/types";

export interface Range {
  from: string;
  to: string;
}

const iso = (d: Dayjs) => d.format("YYYY-MM-DD");

export const presets = ["today", "last7", "last30", "last90", "last365", "this_month", "last_month"] as const;
export type PresetName = (typeof presets)[number];

/** The days a preset means when today is the given day; both ends are included. */
export function presetRange(name: PresetName, today: string): Range {
  const d = dayjs(today);
  const back = (days: number) => ({ from: iso(d.subtract(days - 1, "day")), to: today });
  switch (name) {
    case "today":
      return { from: today, to: today };
    case "last7":
      return back(7);
    case "last30":
      return back(30);
    case "last90":
      return back(90);
    case "last365":
      return back(365);
    case "this_month":
      return { from: iso(d.startOf("month")), to: today };
    case "last_month": {
      const m = d.subtract(1, "month");
      return { from: iso(m.startOf("month")), to: iso(m.endOf("month")) };
    }
  }
}

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
        onChange={(v) => v?.[0] && v[1] && onChange({ from: iso(v[0]), to: iso(v[1]) })}
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
