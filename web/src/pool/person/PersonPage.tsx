import { InfoCircleOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Alert, Tabs } from "antd";
import { useEffect } from "react";
import type { Person } from "../../api/types";
import { useT } from "../../app/i18n";
import { Await } from "../../ui/states";
import type { PersonTab } from "../routes";
import { Activity } from "./Activity";
import { ConflictsTab } from "./ConflictsTab";
import { IdentitiesTab } from "./IdentitiesTab";
import { PersonHead } from "./PersonHead";
import { personQuery } from "./personQuery";
import { Profile } from "./Profile";
import { StandingCard } from "../standing/StandingCard";
import { StandingHistory } from "../standing/StandingHistory";
import { Timeline } from "./Timeline";
import { Touches } from "./Touches";
import { ValueStrip } from "./ValueStrip";
import "./person.css";

/** One person: who they are, what they are worth, what they did and why we think it is one person. */
export function PersonPage() {
  const { id } = useParams({ from: "/shell/pool/people/$id" });
  const query = useQuery({ ...personQuery(Number(id)), refetchInterval: 15_000 });
  return <Await query={query}>{(person) => <Loaded key={person.id} person={person} asked={Number(id)} />}</Await>;
}

function Loaded({ person, asked }: { person: Person; asked: number }) {
  const t = useT("person");
  const { tab = "timeline", was } = useSearch({ from: "/shell/pool/people/$id" });
  const navigate = useNavigate({ from: "/pool/people/$id" });

  // merged people answer under their present number: the address follows
  useEffect(() => {
    if (person.id !== asked) void navigate({ to: "/pool/people/$id", params: { id: String(person.id) }, search: { tab, was: String(asked) }, replace: true });
  }, [person.id, asked, tab, navigate]);

  const open = person.conflicts.filter((c) => c.state === "open").length;
  return (
    <>
      {was !== undefined && (
        <Alert className="person-moved" type="info" showIcon icon={<InfoCircleOutlined aria-hidden />} title={t("moved", { was })} closable={{ onClose: () => void navigate({ search: { tab }, replace: true }) }} />
      )}
      <PersonHead person={person} />
      <div className="person-grid">
        <div className="person-top stack">
          <ValueStrip person={person} />
        </div>
        <aside className="person-side stack">
          <StandingCard person={person} />
          <Profile person={person} />
          <Touches person={person} />
        </aside>
        <div className="person-main">
          <section className="card person-tabs">
            <Activity daily={person.daily} />
            <Tabs
              activeKey={tab}
              onChange={(key) => void navigate({ search: { tab: key === "timeline" ? undefined : (key as PersonTab) }, replace: true })}
              items={[
                { key: "timeline", label: t("tab.timeline"), children: <Timeline person={person} /> },
                { key: "identities", label: <Counted text={t("tab.identities")} n={person.identities.length} />, children: <IdentitiesTab person={person} /> },
                { key: "standing", label: t("standing:tab"), children: <StandingHistory person={person.id} /> },
                { key: "conflicts", label: <Counted text={t("tab.conflicts")} n={open} act />, children: <ConflictsTab person={person} /> },
              ]}
            />
          </section>
        </div>
      </div>
    </>
  );
}

function Counted({ text, n, act = false }: { text: string; n: number; act?: boolean }) {
  return (
    <>
      {text}
      {n > 0 && <span className={`tab-count ${act ? "act" : ""}`}>{n}</span>}
    </>
  );
}
