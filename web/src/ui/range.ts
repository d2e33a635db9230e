import dayjs, { type Dayjs } from "dayjs";

export interface Range {
  from: string;
  to: string;
}

export const isoDay = (d: Dayjs): string => d.format("YYYY-MM-DD");

export const presets = ["today", "last7", "last30", "last90", "last365", "this_month", "last_month"] as const;
export type PresetName = (typeof presets)[number];

/** The days a preset means when today is the given day; both ends are included. */
export function presetRange(name: PresetName, today: string): Range {
  const d = dayjs(today);
  const back = (days: number) => ({ from: isoDay(d.subtract(days - 1, "day")), to: today });
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
      return { from: isoDay(d.startOf("month")), to: today };
    case "last_month": {
      const m = d.subtract(1, "month");
      return { from: isoDay(m.startOf("month")), to: isoDay(m.endOf("month")) };
    }
  }
}
