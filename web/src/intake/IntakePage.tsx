import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { Tabs } from "antd";
import type { IntakeStats } from "../api/types";
import { useT } from "../app/i18n";
import { useNow } from "../ui/Ago";
import { useFmt } from "../ui/format";
import { PageHead } from "../ui/PageHead";
import { statsQuery } from "./statsQuery";
import "./intake.css";

const tabs = {
  live: "/settings/intake",
  rejected: "/settings/intake/rejected",
  keys: "/settings/intake/keys",
  install: "/settings/intake/install",
  schema: "/settings/intake/schema",
} as const;

/** The room's frame: whether events come in, and the way to its five tabs. */
export function IntakePage() {
  const t = useT("intake");
  const fmt = useFmt();
  const navigate = useNavigate();
  const now = useNow();
  const path = useRouterState({ select: (s) => s.location.pathname.replace(/\/$/, "") });
  const stats = useQuery(statsQuery).data;
  const latest = ({ last_event_at: at, applied_per_s: applied }: IntakeStats) => {
    // events may reach the log by other ways than this server's HTTP intake
    if (at === null) return t(applied > 0 ? "answer.now" : "answer.waiting");
    return now - Date.parse(at) < 10_000 ? t("answer.now") : t("answer.flowing", { ago: fmt.ago(at, now) });
  };
  const active = (Object.entries(tabs).find(([, to]) => to === path) ?? ["live"])[0];
  const answer = stats && [latest(stats), stats.lag > 1000 && t("answer.lag", { n: fmt.int(stats.lag) })].filter(Boolean).join(" ");
  return (
    <>
      <PageHead title={t("title")} answer={answer} />
      <Tabs
        className="intake-tabs"
        activeKey={active}
        onChange={(key) => void navigate({ to: tabs[key as keyof typeof tabs] })}
        items={Object.keys(tabs).map((key) => ({
          key,
          label: (
            <>
              {t(`tab.${key}`)}
              {key === "rejected" && stats !== undefined && stats.rejected_24h > 0 && <span className="intake-count">{fmt.compact(stats.rejected_24h)}</span>}
            </>
          ),
        }))}
      />
      <Outlet />
    </>
  );
}
