import { useNavigate, useSearch } from "@tanstack/react-router";
import { Tabs } from "antd";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { AlertList } from "./AlertList";
import { AnomaliesTab } from "./AnomaliesTab";
import { useUnread } from "./alerts";
import { RulesTab } from "./RulesTab";
import { ScoreTab } from "./ScoreTab";
import type { Tab } from "./routes";
import "./health.css";

/** How the pool is, what is unusual, and who is told. */
export function HealthPage() {
  const t = useT("health");
  const { tab = "score" } = useSearch({ strict: false }) as { tab?: Tab };
  const navigate = useNavigate();
  const operator = useMay("operator");
  const unread = useUnread();
  return (
    <Tabs
      activeKey={tab}
      destroyOnHidden
      className="health-tabs"
      onChange={(key) => void navigate({ to: "/insight/health", search: { tab: key as Tab } })}
      items={[
        { key: "score", label: t("tab.score"), children: <ScoreTab /> },
        { key: "anomalies", label: t("tab.anomalies"), children: <AnomaliesTab /> },
        { key: "alerts", label: unread > 0 ? t("tab.alerts_n", { n: unread }) : t("tab.alerts"), children: <AlertList /> },
        ...(operator ? [{ key: "rules", label: t("tab.rules"), children: <RulesTab /> }] : []),
      ]}
    />
  );
}
