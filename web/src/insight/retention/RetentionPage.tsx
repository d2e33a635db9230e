import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, DatePicker, Select } from "antd";
import dayjs from "dayjs";
import { useMemo, useState } from "react";
import { api, call } from "../../api/client";
import type { Retention } from "../../api/types";
import { useT } from "../../app/i18n";
import { useEventWords } from "../../pool/event/words";
import { useFmt } from "../../ui/format";
import { Card, PageHead } from "../../ui/PageHead";
import { Await, EmptyState } from "../../ui/states";
import { Curves } from "./Curves";
import { retentionRoute, type RetentionSearch } from "./routes";
import { Triangle } from "./TriangleTable";
import { average, monthAfter } from "./triangle";
import "./retention.css";

const usualEvent = "Order Completed";

export function RetentionPage() {
  const t = useT("retention");
  const fmt = useFmt();
  const navigate = useNavigate();
  const title = useEventTitle();
  const search = retentionRoute.useSearch();
  const thisMonth = fmt.dayOf(Date.now()).slice(0, 7);
  const from = search.from ?? monthAfter(thisMonth, -11);
  const to = search.to ?? thisMonth;
  const event = search.event ?? usualEvent;
  const set = (next: RetentionSearch) => void navigate({ to: "/insight/retention", search: { ...search, ...next }, replace: true });

  const retention = useQuery({
    queryKey: ["retention", from, to, event],
    queryFn: () => call(api.GET("/retention", { params: { query: { from, to, event } } })),
    placeholderData: keepPreviousData,
  });
  const schema = useQuery({ queryKey: ["intake", "schema"], queryFn: () => call(api.GET("/intake/schema")), staleTime: 60_000 });
  const events = [...new Set([usualEvent, event, ...(schema.data?.items ?? []).filter((e) => e.type === "track" || e.type === "page").map((e) => e.name)])];

  return (
    <>
      <PageHead
        title={t("nav")}
        answer={retention.data && <Answer r={retention.data} thisMonth={thisMonth} />}
        actions={
          <>
            <Select
              showSearch={{ optionFilterProp: "label" }}
              value={event}
              aria-label={t("event")}
              popupMatchSelectWidth={false}
              style={{ minWidth: 180 }}
              options={events.filter((e) => e !== "").map((e) => ({ value: e, label: title(e) }))}
              onChange={(e) => set({ event: e === usualEvent ? undefined : e })}
            />
            <DatePicker.RangePicker
              picker="month"
              allowClear={false}
              value={[dayjs(`${from}-01`), dayjs(`${to}-01`)]}
              onChange={(v) => v?.[0] && v[1] && set({ from: v[0].format("YYYY-MM"), to: v[1].format("YYYY-MM") })}
            />
          </>
        }
      />
      <Await query={retention} rows={12}>
        {(r) => (r.cohorts.some((c) => c.size > 0) ? <Picture r={r} thisMonth={thisMonth} /> : <Nobody event={r.event} reset={() => set({ from: undefined, to: undefined, event: undefined })} />)}
      </Await>
    </>
  );
}

/** An event's name in the reader's language. */
function useEventTitle(): (name: string) => string {
  const words = useEventWords();
  return (name) => words({ type: "track", name }).title;
}

function Answer({ r, thisMonth }: { r: Retention; thisMonth: string }) {
  const t = useT("retention");
  const title = useEventTitle();
  const fmt = useFmt();
  const avg = average(r.cohorts, thisMonth);
  const said = [1, 3, 6].flatMap((k) => (avg[k] === null || avg[k] === undefined ? [] : [t("answer.month", { k, rate: fmt.pct(avg[k]) })]));
  if (said.length === 0) return t("answer.young");
  return t("answer.back", { event: title(r.event), list: said.join(t("answer.join")) });
}

function Picture({ r, thisMonth }: { r: Retention; thisMonth: string }) {
  const title = useEventTitle();
  const cohorts = useMemo(() => r.cohorts.filter((c) => c.size > 0), [r]);
  const [chosen, setChosen] = useState<string[] | null>(null);
  // until the reader chooses: the three oldest cohorts that have a curve to show
  const shown = chosen ?? cohorts.filter((c) => c.counts.length > 3).slice(0, 3).map((c) => c.cohort);
  const toggle = (cohort: string) => setChosen(shown.includes(cohort) ? shown.filter((c) => c !== cohort) : [...shown, cohort].slice(-5));
  return (
    <div className="stack">
      <Triangle cohorts={cohorts} name={r.event} event={title(r.event)} thisMonth={thisMonth} shown={shown} toggle={toggle} />
      <Curves cohorts={cohorts} thisMonth={thisMonth} shown={shown} />
    </div>
  );
}

function Nobody({ event, reset }: { event: string; reset: () => void }) {
  const t = useT("retention");
  const title = useEventTitle();
  return (
    <Card>
      <EmptyState
        title={t("none.title")}
        text={t("none.text", { event: title(event) })}
        action={
          <div className="row">
            <Button onClick={reset}>{t("none.reset")}</Button>
            <Link to={"/settings/import" as string}>
              <Button type="primary">{t("none.import")}</Button>
            </Link>
          </div>
        }
      />
    </Card>
  );
}
