import { EditOutlined, LeftOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Tabs } from "antd";
import { useState } from "react";
import type { Segment } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { ActButton } from "../../ui/ActButton";
import { useFmt } from "../../ui/format";
import { PageHead } from "../../ui/PageHead";
import { Pill } from "../../ui/Pill";
import { Rich } from "../../ui/Rich";
import { Await } from "../../ui/states";
import { RuleCard } from "../definition/RuleCard";
import { askAgain, ProgressNote, StateMark } from "../definition/StateMark";
import { Versions } from "../definition/Versions";
import { PersonPick } from "../people/PersonPick";
import { SegmentWhy, type Asked } from "../rule/WhyDrawer";
import { Members } from "./Members";
import { segmentQuery } from "./queries";
import type { SegmentTab } from "./routes";
import { SegmentActions } from "./SegmentActions";
import { SizeChart } from "./SizeChart";
import "./segment.css";

/** One segment: what it says, who is in it, how it grew, and why. */
export function SegmentPage() {
  const { key } = useParams({ from: "/shell/pool/segments/$key" });
  const query = useQuery({ ...segmentQuery(key), refetchInterval: (q) => askAgain(q.state.data && [q.state.data.data.progress], 1_000) });
  return <Await query={query}>{({ data }) => <Loaded key={data.key} segment={data} />}</Await>;
}

function Loaded({ segment: s }: { segment: Segment }) {
  const t = useT("segment");
  const fmt = useFmt();
  const client = useQueryClient();
  const mayOperate = useMay("operator");
  const { tab = "people", date, why } = useSearch({ from: "/shell/pool/segments/$key" });
  const navigate = useNavigate({ from: "/pool/segments/$key" });
  const [asked, setAsked] = useState<Asked | undefined>(() => (why === undefined ? undefined : { person: why, name: t("people:nameless", { id: why }) }));
  const live = s.mode === "live";
  const answer = live
    ? t("page.answer", { n: fmt.int(s.people), share: fmt.pct(s.share), entered: fmt.int(s.entered_today), left: fmt.int(s.left_today) })
    : t("page.answer_static", { n: fmt.int(s.people), at: s.taken_at ? fmt.time(s.taken_at) : "" });
  const members = (change?: "entered" | "left") => <Members segment={s} change={change} date={change ? date : undefined} onWhy={setAsked} />;
  return (
    <>
      <PageHead
        title={s.title}
        above={
          <Link to="/pool/segments" className="back">
            <LeftOutlined aria-hidden /> {t("nav")}
          </Link>
        }
        answer={
          <>
            <span className="segment-state">{live ? <StateMark state={s.state} progress={s.progress} /> : <Pill help={t("static_help")}>{t("mode.static")}</Pill>}</span> <Rich text={answer} />
            {s.description !== "" && <span className="segment-said">{s.description}</span>}
          </>
        }
        actions={
          <>
            {mayOperate && live && s.state !== "archived" && (
              <Link to="/pool/segments/$key/edit" params={{ key: s.key }}>
                <ActButton icon={<EditOutlined aria-hidden />}>{t("definition:act.edit")}</ActButton>
              </Link>
            )}
            <SegmentActions segment={s} />
          </>
        }
      />
      <ProgressNote progress={s.progress} />
      <div className="stack">
        <div className="grid">
          <div className="third stack">
            {s.rule && <RuleCard title={t(live ? "page.rule" : "page.rule_static")} rule={s.rule} />}
            {live && s.state !== "archived" && (
              <section className="card">
                <div className="card-head">
                  <div className="grow">
                    <h2>{t("page.check")}</h2>
                    <p>{t("page.check_note")}</p>
                  </div>
                </div>
                <PersonPick onPick={setAsked} />
              </section>
            )}
          </div>
          <div className="two-thirds">
            <SizeChart segment={s} onDay={(d) => void navigate({ search: { tab: "entered", date: d }, replace: true })} />
          </div>
        </div>
        <Tabs
          activeKey={tab}
          destroyOnHidden
          onChange={(next) => void navigate({ search: { tab: next === "people" ? undefined : (next as SegmentTab) }, replace: true })}
          items={[
            { key: "people", label: t("tab.people"), children: members() },
            ...(live
              ? [
                  { key: "entered", label: t(date ? "tab.entered_on" : "tab.entered", { day: date ? fmt.day(date) : "" }), children: members("entered") },
                  { key: "left", label: t(date ? "tab.left_on" : "tab.left", { day: date ? fmt.day(date) : "" }), children: members("left") },
                ]
              : []),
            { key: "versions", label: t("definition:versions.title"), children: <section className="card"><Versions kind="segment" id={s.key} onDone={() => void client.invalidateQueries({ queryKey: ["segments"] })} /></section> },
          ]}
        />
      </div>
      {asked && (
        <SegmentWhy
          segment={s}
          asked={asked}
          onClose={() => {
            setAsked(undefined);
            if (why !== undefined) void navigate({ search: { tab, date }, replace: true });
          }}
        />
      )}
    </>
  );
}
