import { LeftOutlined } from "@ant-design/icons";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented, Select } from "antd";
import { useMemo, useState, type Key } from "react";
import { api, call } from "../../api/client";
import type { Rfm, RfmPerson } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useMay, usePool } from "../../app/session";
import { DataList, type Column } from "../../ui/DataList";
import { minorDigits, useFmt } from "../../ui/format";
import { Card, PageHead } from "../../ui/PageHead";
import { Rich } from "../../ui/Rich";
import { Await, EmptyState } from "../../ui/states";
import { usePeopleColumns } from "../people/peopleColumns";
import { WindowPick } from "../rule/pick";
import { useVocabulary } from "../rule/schema";
import { TagPeople } from "../tag/TagPeople";
import { RfmGrid } from "./RfmGrid";
import { RfmStats } from "./RfmStats";
import type { RfmSearch } from "./routes";
import "./tier.css";

const usualEvent = "Order Completed";

/** Buyers by how recently, how often and for how much they bought, with visible limits. */
export function RfmPage() {
  const t = useT("tier");
  const fmt = useFmt();
  const search = useSearch({ from: "/shell/pool/tiers/rfm" });
  const navigate = useNavigate({ from: "/pool/tiers/rfm" });
  const { events } = useVocabulary();
  const { event = usualEvent, window = "all", bins = 5 } = search;
  const set = (next: RfmSearch) => void navigate({ search: { ...search, ...next }, replace: true });
  const query = useQuery({
    queryKey: ["tiers", "rfm", event, window, bins],
    queryFn: () => call(api.GET("/tiers/rfm", { params: { query: { event, window, bins } } })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return (
    <>
      <PageHead
        title={t("rfm.title")}
        answer={query.data && <Rich text={t("rfm.answer", { n: fmt.int(query.data.people) })} />}
        above={
          <Link to="/pool/tiers" className="back">
            <LeftOutlined aria-hidden /> {t("nav")}
          </Link>
        }
        actions={
          <>
            <Select
              showSearch={{ optionFilterProp: "label" }}
              aria-label={t("rfm.event")}
              value={event}
              popupMatchSelectWidth={false}
              onChange={(e) => set({ event: e === usualEvent ? undefined : e, r: undefined, f: undefined })}
              options={[...(events.some((e) => e.value === event) ? [] : [{ value: event, label: event }]), ...events]}
            />
            <WindowPick value={window} onChange={(w) => set({ window: w === "all" ? undefined : w, r: undefined, f: undefined })} />
            <Segmented aria-label={t("rfm.bins")} value={bins} onChange={(n) => set({ bins: n === 5 ? undefined : n, r: undefined, f: undefined })} options={[3, 4, 5].map((n) => ({ value: n, label: `${n}×${n}` }))} />
          </>
        }
      />
      <Await query={query} rows={10}>
        {(rfm) =>
          rfm.people === 0 ? (
            <Card>
              <EmptyState title={t("rfm.none")} text={t("rfm.none_text")} />
            </Card>
          ) : (
            <div className="stack">
              <RfmGrid rfm={rfm} chosen={search.r && search.f ? { r: search.r, f: search.f } : undefined} onPick={(c) => set({ r: c?.r, f: c?.f })} />
              {search.r !== undefined && search.f !== undefined && <CellPeople rfm={rfm} r={search.r} f={search.f} bins={bins} />}
              <RfmStats rfm={rfm} />
            </div>
          )
        }
      </Await>
    </>
  );
}

const keys = ["name", "phone", "last_seen"];

function CellPeople({ rfm, r, f, bins }: { rfm: Rfm; r: number; f: number; bins: number }) {
  const t = useT("tier");
  const fmt = useFmt();
  const may = useMay("operator");
  const { currency } = usePool();
  const [chosen, setChosen] = useState<Key[]>([]);
  const cell = rfm.grid.find((c) => c.r === r && c.f === f);
  const source = useInfiniteQuery({
    queryKey: ["tiers", "rfm", "people", rfm.event, rfm.window, bins, r, f],
    queryFn: ({ pageParam }) => call(api.GET("/tiers/rfm/people", { params: { query: { event: rfm.event, window: rfm.window, bins, r, f, cursor: pageParam || undefined, limit: 50 } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
  });
  const usual = usePeopleColumns(keys);
  const columns = useMemo<Column<RfmPerson>[]>(() => {
    const unit = 10 ** minorDigits(rfm.currency || currency);
    return [
      ...(usual as Column<RfmPerson>[]),
      { key: "recency", title: t("rfm.recency"), number: true, csv: (p) => p.recency, render: (p) => t("unit.days", { n: fmt.int(p.recency) }) },
      { key: "frequency", title: t("rfm.frequency"), number: true, csv: (p) => p.frequency, render: (p) => fmt.int(p.frequency) },
      { key: "monetary", title: t("rfm.monetary"), number: true, csv: (p) => p.monetary, render: (p) => fmt.money(Math.round(p.monetary * unit), rfm.currency || undefined) },
    ];
  }, [usual, t, fmt, rfm.currency, currency]);
  return (
    <DataList<RfmPerson>
      id="rfm.people"
      source={source}
      columns={columns}
      rowKey={(p) => p.id}
      rowHref={(p) => `/pool/people/${p.id}`}
      filters={<b>{t("rfm.cell", { r, f, n: fmt.int(cell?.people ?? 0) })}</b>}
      actions={
        cell && (
          <Link to="/pool/segments/new" search={{ rule: cell.rule, title: t("rfm.cell_title", { r, f }) }}>
            <Button>{t("tag:page.to_segment")}</Button>
          </Link>
        )
      }
      bulk={may ? { chosen, onChange: setChosen, actions: <TagPeople people={chosen.map(Number)} onDone={() => setChosen([])} /> } : undefined}
      empty={<EmptyState title={t("nobody")} />}
    />
  );
}
