import { HeatMapOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { Tier } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useDark } from "../../app/prefs";
import { useMay } from "../../app/session";
import { palette } from "../../app/theme";
import { ActButton } from "../../ui/ActButton";
import { useFmt } from "../../ui/format";
import { Card, PageHead } from "../../ui/PageHead";
import { Await, EmptyState } from "../../ui/states";
import { Flow } from "../definition/Flow";
import { askAgain, StateMark } from "../definition/StateMark";
import { levelColours } from "./colours";
import { LevelBar } from "./LevelBar";
import { tiersQuery } from "./queries";
import { Templates } from "./Templates";
import "./tier.css";

/** All dimensions, with how people are spread over their levels. */
export function TiersPage() {
  const t = useT("tier");
  const may = useMay("operator");
  const query = useQuery({ ...tiersQuery, refetchInterval: (q) => askAgain(q.state.data?.items.map((x) => x.progress), 5_000) });
  const tiers = query.data?.items.filter((x) => x.state !== "archived") ?? [];
  return (
    <>
      <PageHead
        title={t("nav")}
        answer={tiers.length > 0 ? t("answer", { count: tiers.length, n: tiers.length }) : undefined}
        actions={
          <>
            <Link to="/pool/tiers/rfm">
              <Button icon={<HeatMapOutlined aria-hidden />}>{t("rfm.nav")}</Button>
            </Link>
            {may && tiers.length > 0 && (
              <Link to="/pool/tiers/new">
                <ActButton icon={<PlusOutlined aria-hidden />}>{t("new")}</ActButton>
              </Link>
            )}
          </>
        }
      />
      <Await query={query}>
        {() =>
          tiers.length === 0 ? (
            <Card>
              <EmptyState title={t("empty.title")} text={t("empty.text")} />
              {may && <Templates />}
            </Card>
          ) : (
            <div className="grid">
              {tiers.map((tier) => (
                <div className="half" key={tier.key}>
                  <TierCard tier={tier} />
                </div>
              ))}
            </div>
          )
        }
      </Await>
    </>
  );
}

function TierCard({ tier }: { tier: Tier }) {
  const t = useT("tier");
  const fmt = useFmt();
  const colours = levelColours(tier.levels, palette(useDark()));
  return (
    <Card
      title={
        <Link to="/pool/tiers/$key" params={{ key: tier.key }}>
          {tier.title}
        </Link>
      }
      note={tier.description || (tier.template !== "" ? t("from_template", { name: t(`template.${tier.template}`, { defaultValue: tier.template }) }) : undefined)}
      actions={<StateMark state={tier.state} progress={tier.progress} />}
    >
      <LevelBar levels={tier.levels} />
      <ul className="level-list">
        {tier.levels.map((l, i) => (
          <li key={l.key}>
            <i className="swatch" style={{ background: colours[i] }} aria-hidden />
            <Link className="grow quiet-link" to="/pool/tiers/$key" params={{ key: tier.key }} search={{ level: l.key }}>
              {l.title}
            </Link>
            <Flow entered={l.entered_today} left={l.left_today} />
            <b className="num">{fmt.int(l.people)}</b>
            <span className="muted num">{fmt.pct(l.share)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
