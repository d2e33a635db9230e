import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import dayjs from "dayjs";
import { useMemo, useState, type ReactNode } from "react";
import { api, call } from "../../api/client";
import type { Segment, SizePoint } from "../../api/rules";
import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import type { ChartSpec } from "../../ui/chartOption";
import { useFmt } from "../../ui/format";
import { Await } from "../../ui/states";

const spans = [30, 90, 365] as const;

/** How many were in at the end of each day, and how many came and went. */
export function SizeChart({ segment: s, onDay }: { segment: Segment; onDay: (date: string) => void }) {
  const t = useT("segment");
  const fmt = useFmt();
  const [days, setDays] = useState<(typeof spans)[number]>(30);
  const to = fmt.dayOf(Date.now());
  const from = dayjs(to).subtract(days - 1, "day").format("YYYY-MM-DD");
  const query = useQuery({
    queryKey: ["segments", s.key, "size", from, to, s.people, s.version],
    queryFn: () => call(api.GET("/segments/{key}/size", { params: { path: { key: s.key }, query: { from, to } } })),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="card">
      <Await query={query}>
        {({ items }) => (
          <Drawn items={items} file={`segment-${s.key}`} onDay={onDay} actions={<Segmented size="small" value={days} onChange={setDays} options={spans.map((n) => ({ value: n, label: t("size.days", { n }) }))} />} />
        )}
      </Await>
    </div>
  );
}

function Drawn({ items, file, onDay, actions }: { items: SizePoint[]; file: string; onDay: (date: string) => void; actions: ReactNode }) {
  const t = useT("segment");
  const fmt = useFmt();
  // the page is read again every few seconds: the same figures are not drawn anew
  const spec = useMemo(() => {
    // comings and goings stay small at the foot of the chart: what matters is how many are in
    const most = Math.max(1, ...items.map((p) => Math.max(p.entered, p.left)));
    const axes: ChartSpec["axes"] = [
      { name: t("size.people"), exact: fmt.int, short: fmt.compact, min: 0 },
      { name: t("size.moves"), exact: (n) => fmt.int(Math.abs(n)), short: (n) => (Math.abs(n) > most ? "" : fmt.compact(Math.abs(n))), min: -most, max: most * 4 },
    ];
    const series: ChartSpec["series"] = [
      { name: t("size.entered"), data: items.map((p) => p.entered), type: "bar", stack: "moves", axis: 1, colour: 1 },
      { name: t("size.left"), data: items.map((p) => -p.left), type: "bar", stack: "moves", axis: 1, colour: 2 },
      { name: t("size.in"), data: items.map((p) => p.people), area: true, colour: 0 },
    ];
    return { axes, series, x: items.map((p) => fmt.day(p.date)), rowNames: items.map((p) => p.date) };
  }, [items, t, fmt]);
  return <Chart {...spec} title={t("size.title")} note={t("size.note")} file={file} xName={t("size.day")} height={300} onPick={(i) => items[i] && onDay(items[i].date)} actions={actions} />;
}
