import { useQuery } from "@tanstack/react-query";
import { Tabs } from "antd";
import { api, call, callWithETag } from "../../api/client";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { useFmt } from "../../ui/format";
import { PageHead } from "../../ui/PageHead";
import { Await } from "../../ui/states";
import { MailTab } from "../mail/MailForm";
import { Health } from "./Health";
import { History } from "./History";
import { SettingsForm } from "./SettingsForm";
import "./system.css";

export function SystemPage() {
  const t = useT("system");
  const fmt = useFmt();
  const settings = useQuery({ queryKey: ["settings", "edit"], queryFn: () => callWithETag(api.GET("/settings")), staleTime: 0 });
  const health = useQuery({ queryKey: ["system"], queryFn: () => call(api.GET("/system")), refetchInterval: 5_000 });
  const owner = useMay("owner");
  const h = health.data;
  // under live traffic the last batches are always on their way
  const lag = h === undefined ? 0 : Math.max(h.pool.lag, h.warehouse.lag);
  return (
    <>
      <PageHead
        title={t("nav")}
        answer={h && (lag < 10 ? t("answer.caught_up", { span: fmt.span(h.uptime_s) }) : t("answer.behind", { n: fmt.int(lag) }))}
      />
      <Tabs
        items={[
          {
            key: "settings",
            label: t("tab.settings"),
            children: <Await query={settings}>{({ data, etag }) => <SettingsForm key={etag} settings={data} etag={etag} />}</Await>,
          },
          ...(owner ? [{ key: "mail", label: t("mail:tab"), children: <MailTab /> }] : []),
          { key: "history", label: t("tab.history"), children: <History /> },
          { key: "health", label: t("tab.health"), children: <Await query={health}>{(data) => <Health h={data} />}</Await> },
        ]}
      />
    </>
  );
}
