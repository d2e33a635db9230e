import { useQuery } from "@tanstack/react-query";
import { Tabs } from "antd";
import { api, call } from "../../api/client";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { PageHead } from "../../ui/PageHead";
import { AuditList } from "./AuditList";
import { Members } from "./Members";
import "./team.css";

export function TeamPage() {
  const t = useT("team");
  const owner = useMay("owner");
  const users = useQuery({ queryKey: ["users"], queryFn: () => call(api.GET("/users")) });
  const items = users.data?.items;
  const off = items?.filter((u) => u.disabled).length ?? 0;
  return (
    <>
      <PageHead
        title={t("nav")}
        answer={items && t("answer", { count: items.filter((u) => !u.disabled).length }) + (off > 0 ? t("answer_off", { count: off }) : "")}
      />
      <Tabs
        items={[
          { key: "members", label: t("members.title"), children: <Members users={users} owner={owner} /> },
          { key: "audit", label: t("audit.title"), children: <AuditList /> },
        ]}
      />
    </>
  );
}
