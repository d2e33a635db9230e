import { EditOutlined, LeftOutlined, MoreOutlined, ReloadOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { App, Button, Dropdown, Tabs } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { api, apiBase, call } from "../../api/client";
import type { DefinitionState, Tier } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { ActButton } from "../../ui/ActButton";
import { DateRange } from "../../ui/DateRange";
import { useFmt } from "../../ui/format";
import { Card, PageHead } from "../../ui/PageHead";
import { Await, explain } from "../../ui/states";
import { askAgain, ProgressNote, StateMark } from "../definition/StateMark";
import { Versions } from "../definition/Versions";
import { PersonPick } from "../people/PersonPick";
import type { Asked } from "../rule/WhyDrawer";
import { CutoffList } from "./CutoffList";
import { FlowChart } from "./FlowChart";
import { Levels } from "./Levels";
import { tierQuery } from "./queries";
import type { TierTab } from "./routes";
import { SizesChart } from "./SizesChart";
import { TierPeople } from "./TierPeople";
import { TierWhy } from "./TierWhy";
import "./tier.css";

/** One dimension: its levels with what is done for each, who is where, and how people move between them. */
export function TierPage() {
  const { key } = useParams({ from: "/shell/pool/tiers/$key" });
  const query = useQuery({ ...tierQuery(key), refetchInterval: (q) => askAgain(q.state.data && [q.state.data.data.progress], 5_000) });
  return <Await query={query}>{({ data }) => <Loaded key={data.key} tier={data} />}</Await>;
}

function Loaded({ tier }: { tier: Tier }) {
  const t = useT("tier");
  const may = useMay("operator");
  const client = useQueryClient();
  const { message } = App.useApp();
  const search = useSearch({ from: "/shell/pool/tiers/$key" });
  const navigate = useNavigate({ from: "/pool/tiers/$key" });
  const [asked, setAsked] = useState<Asked>();
  const today = useFmt().dayOf(Date.now());
  const to = search.to ?? today;
  const from = search.from ?? dayjs(today).subtract(29, "day").format("YYYY-MM-DD");
  const rules = [t("page.first_match"), ...(tier.stay_days > 0 ? [t("page.stay", { n: tier.stay_days })] : []), ...(tier.grace_days > 0 ? [t("page.grace", { n: tier.grace_days })] : [])];
  const recut = useMutation({
    mutationFn: () => call(api.POST("/tiers/{key}/cutoffs", { params: { path: { key: tier.key } } })),
    onSuccess: () => {
      void message.success(t("cutoffs.done"));
      void client.invalidateQueries({ queryKey: ["tiers"] });
      void client.invalidateQueries({ queryKey: ["versions", "tier"] });
    },
    onError: (err) => void message.error(explain(err)),
  });
  return (
    <>
      <PageHead
        title={tier.title}
        above={
          <Link to="/pool/tiers" className="back">
            <LeftOutlined aria-hidden /> {t("nav")}
          </Link>
        }
        answer={
          <>
            <StateMark state={tier.state} progress={tier.progress} /> {rules.join("")}
            {tier.description !== "" && <span className="segment-said">{tier.description}</span>}
          </>
        }
        actions={
          <>
            {may && tier.state !== "archived" && (
              <Link to="/pool/tiers/$key/edit" params={{ key: tier.key }}>
                <ActButton icon={<EditOutlined aria-hidden />}>{t("definition:act.edit")}</ActButton>
              </Link>
            )}
            <Actions tier={tier} />
          </>
        }
      />
      <ProgressNote progress={tier.progress} />
      <div className="stack">
        <Levels tier={tier} />
        {tier.cutoffs && (
          <Card
            title={t("cutoffs.title")}
            note={t(tier.cutoffs.by === "quantile" ? "cutoffs.quantile" : "cutoffs.fixed", { n: tier.cutoffs.people })}
            actions={
              <>
                <Link to="/pool/tiers/rfm">
                  <Button>{t("rfm.nav")}</Button>
                </Link>
                {may && tier.cutoffs.by === "quantile" && (
                  <Button icon={<ReloadOutlined aria-hidden />} loading={recut.isPending && { delay: 300 }} onClick={() => recut.mutate()}>
                    {t("cutoffs.again")}
                  </Button>
                )}
              </>
            }
          >
            <CutoffList cutoffs={tier.cutoffs} />
          </Card>
        )}
        <div className="stack-s">
          <DateRange value={{ from, to }} onChange={(r) => void navigate({ search: { ...search, from: r.from, to: r.to }, replace: true })} />
          <div className="grid">
            <div className="half">
              <FlowChart tier={tier} from={from} to={to} />
            </div>
            <div className="half">
              <SizesChart tier={tier} from={from} to={to} />
            </div>
          </div>
        </div>
        <Card title={t("page.check")} note={t("page.check_note")}>
          <PersonPick onPick={setAsked} />
        </Card>
        <Tabs
          activeKey={search.tab ?? "people"}
          destroyOnHidden
          onChange={(next) => void navigate({ search: { ...search, tab: next === "people" ? undefined : (next as TierTab) }, replace: true })}
          items={[
            { key: "people", label: t("tab.people"), children: <TierPeople tier={tier} onWhy={setAsked} /> },
            { key: "versions", label: t("definition:versions.title"), children: <section className="card"><Versions kind="tier" id={tier.key} onDone={() => void client.invalidateQueries({ queryKey: ["tiers"] })} /></section> },
          ]}
        />
      </div>
      {asked && <TierWhy tier={tier} asked={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function Actions({ tier }: { tier: Tier }) {
  const t = useT("tier");
  const may = useMay("operator");
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message, modal } = App.useApp();
  const state = useMutation({
    mutationFn: (to: DefinitionState) => call(api.POST("/tiers/{key}/state", { params: { path: { key: tier.key } }, body: { state: to } })),
    onSuccess: async (_, to) => {
      void message.success(t("definition:act.done"));
      await client.invalidateQueries({ queryKey: ["tiers"] });
      if (to === "archived") void navigate({ to: "/pool/tiers" });
    },
    onError: (err) => void message.error(explain(err)),
  });
  const ask = (to: "paused" | "archived") =>
    modal.confirm({
      title: t(to === "paused" ? "definition:act.ask_pause" : "definition:act.ask_archive", { title: tier.title }),
      icon: null,
      content: t(to === "paused" ? "definition:act.pause_text" : "definition:act.archive_text"),
      okText: t(to === "paused" ? "definition:act.pause" : "definition:act.archive"),
      onOk: () => state.mutateAsync(to).catch(() => undefined),
    });
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          ...(may && tier.state === "active" ? [{ key: "pause", label: t("definition:act.pause"), onClick: () => ask("paused") }] : []),
          ...(may && tier.state !== "active" ? [{ key: "activate", label: t("definition:act.activate"), onClick: () => state.mutate("active") }] : []),
          { key: "export", label: <a href={`${apiBase}/tiers/${encodeURIComponent(tier.key)}/export.csv`}>{t("definition:act.export")}</a> },
          ...(may && tier.state !== "archived" ? [{ type: "divider" as const }, { key: "archive", danger: true, label: t("definition:act.archive"), onClick: () => ask("archived") }] : []),
        ],
      }}
    >
      <Button icon={<MoreOutlined aria-hidden />} aria-label={t("definition:act.more")} loading={state.isPending && { delay: 300 }} />
    </Dropdown>
  );
}
