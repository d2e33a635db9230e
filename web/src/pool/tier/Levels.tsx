import { Link } from "@tanstack/react-router";
import type { CSSProperties } from "react";
import type { Tier, TierAction } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useDark } from "../../app/prefs";
import { palette } from "../../app/theme";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { Flow } from "../definition/Flow";
import { RuleSaid } from "../definition/RuleCard";
import { useVocabulary } from "../rule/schema";
import { levelColours } from "./colours";
import { LevelBar } from "./LevelBar";
import "./tier.css";

/** The levels of a dimension from best to last: who is in each, by which rule, and what is done for them. */
export function Levels({ tier }: { tier: Tier }) {
  const t = useT("tier");
  const fmt = useFmt();
  const colours = levelColours(tier.levels, palette(useDark()));
  const most = Math.max(1, ...tier.levels.map((l) => l.people));
  return (
    <Card title={t("page.levels")} note={t("page.levels_note")}>
      <LevelBar levels={tier.levels} />
      <ol className="tier-levels" style={{ marginTop: 20 }}>
        {tier.levels.map((l, i) => (
          <li key={l.key}>
            <span className="level-nr" style={{ "--c": colours[i] } as CSSProperties}>
              {i + 1}
            </span>
            <div>
              <h3>{l.title}</h3>
              {l.rule ? <RuleSaid rule={l.rule} /> : <p className="level-rest">{t("rest")}</p>}
            </div>
            <div>
              {l.strategy === "" && l.actions.length === 0 && <p className="muted">{t("no_strategy")}</p>}
              {l.strategy !== "" && <p className="strategy">{l.strategy}</p>}
              {l.actions.map((a, j) => (
                <small key={j}>
                  <ActionWords action={a} />
                </small>
              ))}
            </div>
            <div className="level-count">
              <b>
                <Link className="quiet-link" to="/pool/tiers/$key" params={{ key: tier.key }} search={{ level: l.key }} hash="people">
                  {fmt.int(l.people)}
                </Link>
              </b>
              <span className="muted">{fmt.pct(l.share)}</span> <Flow entered={l.entered_today} left={l.left_today} />
              <div className="level-bar" aria-hidden>
                <i style={{ width: `${(100 * l.people) / most}%`, background: colours[i] }} />
              </div>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** "On entering: put on the tag …" */
export function ActionWords({ action }: { action: TierAction }) {
  const t = useT("tier");
  const tag = useVocabulary().tags.find((x) => x.value === action.params.tag)?.label ?? action.params.tag;
  return t(`action.${action.on}.${action.action === "tag.add" ? "add" : "remove"}`, { tag });
}
