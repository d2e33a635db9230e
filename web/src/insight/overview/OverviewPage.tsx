import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { Link } from "@tanstack/react-router";
import { api, call } from "../../api/client";
import type { Grain, Overview } from "../../api/types";
import { useT } from "../../app/i18n";
import { Ago } from "../../ui/Ago";
import { ActButton } from "../../ui/ActButton";
import { DateRange, GrainPick } from "../../ui/DateRange";
import { useFmt } from "../../ui/format";
import { Card, PageHead } from "../../ui/PageHead";
import { presetRange, type Range } from "../../ui/range";
import { Await, EmptyState } from "../../ui/states";
import { Channels, TopEvents } from "./breakdowns";
import { Dragonfly } from "./Dragonfly";
import { Kpis } from "./Kpis";
import { links } from "./links";
import { overviewRoute, type OverviewSearch } from "./routes";
import { StockAndFlow } from "./StockAndFlow";
import { Trend } from "./Trend";
import "./overview.css";

/** Fits the grain to the range, so that a chart has neither three points nor five hundred. */
export function grainFor(r: Range): Grain {
  const days = (Date.parse(r.to) - Date.parse(r.from)) / 86_400_000;
  return days <= 62 ? "day" : days <= 400 ? "week" : "month";
}

export function OverviewPage() {
  const t = useT("overview");
  const fmt = useFmt();
  const navigate = useNavigate();
  const search = overviewRoute.useSearch();
  const today = fmt.dayOf(Date.now());
  const usual = presetRange("last30", today);
  const range = { from: search.from ?? usual.from, to: search.to ?? usual.to };
  const grain = search.grain ?? grainFor(range);
  const set = (next: OverviewSearch) => void navigate({ to: "/", search: { ...search, ...next }, replace: true });

  const overview = useQuery({
    queryKey: ["overview", range.from, range.to, grain],
    queryFn: () => call(api.GET("/overview", { params: { query: { ...range, grain } } })),
    placeholderData: keepPreviousData,
    refetchInterval: range.to >= today ? 10_000 : false,
  });
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => call(api.GET("/settings")), staleTime: 300_000 });

  return (
    <>
      <PageHead
        title={t("nav")}
        answer={overview.data && !isEmpty(overview.data) && <Answer o={overview.data} />}
        actions={
          <>
            <DateRange value={range} onChange={(r) => set({ ...r, grain: undefined })} />
            <GrainPick value={grain} onChange={(g) => set({ grain: g })} />
          </>
        }
      />
      <Await query={overview} rows={12}>
        {(o) =>
          isEmpty(o) ? (
            <FirstSteps />
          ) : (
            <Picture o={o} to={links(o.range, today, settings.data?.active_days)} />
          )
        }
      </Await>
    </>
  );
}

const isEmpty = (o: Overview) => o.kpis.people.value === 0 && o.top_events.length === 0;

function Answer({ o }: { o: Overview }) {
  const t = useT("overview");
  const fmt = useFmt();
  const { people, new: fresh, orders, revenue } = o.kpis;
  const change = fresh.previous === 0 ? "" : t(fresh.value >= fresh.previous ? "answer.more" : "answer.fewer", { pct: fmt.pct(Math.abs(fresh.value / fresh.previous - 1)) });
  return (
    <>
      {t("answer.people", { people: fmt.int(people.value), fresh: fmt.int(fresh.value), change })}
      {orders.value > 0 && t("answer.trade", { orders: fmt.int(orders.value), revenue: fmt.money(revenue.value, o.currency) })}{" "}
      <span className="muted">
        {t("fresh")} <Ago at={o.fresh_at} />
      </span>
    </>
  );
}

function Picture({ o, to }: { o: Overview; to: ReturnType<typeof links> }) {
  const t = useT("overview");
  const fmt = useFmt();
  return (
    <div className="stack">
      <Card
        title={t("dragonfly.title")}
        note={t("dragonfly.note", { from: fmt.longDay(o.range.from), to: fmt.longDay(o.range.to) })}
      >
        <Dragonfly data={o} stock={o.stock.at(-1)} to={to} />
      </Card>
      <Kpis o={o} to={to} />
      <Trend o={o} to={to} />
      <StockAndFlow o={o} to={to} />
      <div className="grid">
        <Channels o={o} to={to} />
        <TopEvents o={o} />
      </div>
    </div>
  );
}

/** An empty pool: what it is for, and the two ways to let water in. */
function FirstSteps() {
  const t = useT("overview");
  return (
    <Card>
      <EmptyState
        title={t("first.title")}
        text={t("first.text")}
        action={
          <div className="row">
            <Link to={"/settings/import" as string}>
              <ActButton size="large">{t("first.import")}</ActButton>
            </Link>
            <Link to={"/settings/intake" as string}>
              <Button size="large">{t("first.intake")}</Button>
            </Link>
          </div>
        }
      />
    </Card>
  );
}
