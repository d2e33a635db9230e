import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, call } from "../../api/client";
import type { Standing } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Await } from "../../ui/states";
import { TagSaid } from "../standing/StandingCard";
import { useTwo } from "../rule/two";
import { WhyFrame, type Asked } from "../rule/WhyDrawer";
import { WhyTree } from "../rule/WhyTree";

/** Why somebody has a tag: who put it on, or the rule with this person's values. */
export function TagWhy({ tag, asked, borne, onClose }: { tag: { key: string; title: string }; asked: Asked; borne?: Standing["tags"][number]; onClose: () => void }) {
  const t = useT("rule");
  const fmt = useFmt();
  const two = useTwo();
  const [text, setText] = useState(false);
  const why = useQuery({
    queryKey: ["tags", tag.key, "why", asked.person],
    queryFn: async () => {
      const { rule } = await call(api.GET("/tags/{key}", { params: { path: { key: tag.key } } }));
      if (rule === null) return { by: "hand" as const };
      return { by: "rule" as const, ...(await call(api.POST("/rules/explain", { body: { text: rule.text, owner: "tag", key: tag.key, person: asked.person } }))) };
    },
    staleTime: 0,
  });
  return (
    <WhyFrame title={t(borne ? "why.title_tag" : "why.title_no_tag", { name: asked.name, title: tag.title })} text={text} setText={setText} onClose={onClose}>
      {borne && (
        <p>
          <TagSaid tag={borne} />
        </p>
      )}
      <Await query={why}>
        {(w) =>
          w.by === "hand" ? (
            <p className="muted">{t("why.by_hand")}</p>
          ) : (
            <>
              <p>{two(w.sentence)}</p>
              <WhyTree node={w.tree} text={text} />
              <p className="muted">
                {t("why.quiet")} {t("why.checked", { time: fmt.time(w.at) })}
              </p>
            </>
          )
        }
      </Await>
    </WhyFrame>
  );
}
