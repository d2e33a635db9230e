import { DatePicker, Select } from "antd";
import dayjs from "dayjs";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { isoDay, presetRange } from "../../ui/range";
import type { Span } from "./wire";

const lasts = [7, 14, 30, 60, 90, 180, 365] as const;
const months = ["this_month", "last_month"] as const;

/** The days that a span means when today is the given day; both ends are included. */
export function daysOfSpan(span: Span, today: string): { from: string; to: string } {
  const to = span.to ?? today;
  if (span.from !== undefined) return { from: span.from, to };
  return { from: isoDay(dayjs(to).subtract((span.last ?? 30) - 1, "day")), to };
}

/** Which days a question is about: "the last n days", which move with time, or days chosen once. */
export function RangeField({ value, onChange }: { value: Span; onChange: (span: Span) => void }) {
  const t = useT("query");
  const today = useFmt().dayOf(Date.now());
  const { from, to } = daysOfSpan(value, today);
  const moves = value.from === undefined && value.to === undefined;
  const last = value.last ?? 30;
  const month = months.find((m) => {
    const r = presetRange(m, today);
    return r.from === value.from && r.to === value.to;
  });
  return (
    <div className="row date-range" role="group" aria-label={t("range.label")}>
      <Select
        value={moves ? `last${last}` : (month ?? "any")}
        aria-label={t("range.label")}
        popupMatchSelectWidth={false}
        options={[
          ...[...new Set([...lasts, ...(moves ? [last] : [])])].sort((a, b) => a - b).map((n) => ({ value: `last${n}`, label: t("range.last", { n }) })),
          ...months.map((m) => ({ value: m as string, label: t(`ui:range.${m}`) })),
          ...(moves || month ? [] : [{ value: "any", label: t("ui:range.any") }]),
        ]}
        onChange={(v) => {
          if (v === "any") return;
          if (v.startsWith("last") && v !== "last_month") onChange({ last: Number(v.slice("last".length)) });
          else onChange(presetRange(v as (typeof months)[number], today));
        }}
      />
      <DatePicker.RangePicker
        value={[dayjs(from), dayjs(to)]}
        allowClear={false}
        maxDate={dayjs(today)}
        aria-label={t("range.days")}
        onChange={(v) => v?.[0] && v[1] && onChange({ from: isoDay(v[0]), to: isoDay(v[1]) })}
      />
    </div>
  );
}
