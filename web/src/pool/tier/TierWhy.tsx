import { useQuery } from "@tanstack/react-query";
import { Collapse } from "antd";
import { useState } from "react";
import { api, call } from "../../api/client";
import type { TierWhy as Why } from "../../api/rules";
import { useT } from "../../app/i18n";
import { Badge } from "../../ui/Badge";
import { useFmt } from "../../ui/format";
import { Await } from "../../ui/states";
import { useTwo } from "../rule/two";
import { WhyFrame, type Asked } from "../rule/WhyDrawer";
import { WhyTree } from "../rule/WhyTree";
import "./tier.css";

/** Why somebody is in a level: each level's rule from the best down, and what holds them back from a fall. */
export function TierWhy({ tier, asked, onClose }: { tier: { key: string; title: string }; asked: Asked; onClose: () => void }) {
  const t = useT("tier");
  const [text, setText] = useState(false);
  const why = useQuery({
    queryKey: ["tiers", tier.key, "why", asked.person],
    queryFn: () => call(api.GET("/tiers/{key}/why/{person}", { params: { path: { key: tier.key, person: asked.person } } })),
    staleTime: 0,
  });
  return (
    <WhyFrame title={why.data ? t("why.title", { name: asked.name, tier: tier.title, level: why.data.title || why.data.level }) : t("rule:why.title")} text={text} setText={setText} onClose={onClose}>
      <Await query={why}>{(w) => <Said why={w} text={text} />}</Await>
    </WhyFrame>
  );
}

function Said({ why: w, text }: { why: Why; text: boolean }) {
  const t = useT("tier");
  const fmt = useFmt();
  const two = useTwo();
  const title = (key: string) => w.levels.find((l) => l.key === key)?.title ?? key;
  const first = w.levels.find((l) => l.holds);
  // and the next better one: what is missing for a rise
  const above = w.levels[w.levels.findIndex((l) => l.key === w.level) - 1];
  return (
    <>
      <p className="row">
        <Badge tone="lake">{w.title || w.level}</Badge>
        {w.since !== null && <span>{t("rule:why.since", { time: fmt.time(w.since) })}</span>}
      </p>
      {w.held_by !== "" && <p className="progress-note">{t(`why.${w.held_by}`, { level: title(w.by_rule), until: w.until ? fmt.time(w.until) : "—" })}</p>}
      <p className="muted">{t("why.order")}</p>
      <Collapse
        defaultActiveKey={[first?.key ?? "", w.level, above?.key ?? ""]}
        items={w.levels.map((l) => ({
          key: l.key,
          label: (
            <span className="row">
              {l.title} <Badge tone={l.key === w.by_rule ? "good" : "quiet"}>{t(l.key === w.by_rule ? "why.first" : l.holds ? "why.also" : "why.not")}</Badge>
            </span>
          ),
          children: l.tree ? (
            <>
              <p>{two(l.sentence)}</p>
              <WhyTree node={l.tree} text={text} />
            </>
          ) : (
            <p className="level-rest">{t("rest")}</p>
          ),
        }))}
      />
    </>
  );
}
