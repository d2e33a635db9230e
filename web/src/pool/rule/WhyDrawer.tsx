import { useQuery } from "@tanstack/react-query";
import { Checkbox, Drawer } from "antd";
import { useState, type ReactNode } from "react";
import { api, call } from "../../api/client";
import { useT } from "../../app/i18n";
import { Badge } from "../../ui/Badge";
import { useFmt } from "../../ui/format";
import { Await } from "../../ui/states";
import { useTwo } from "./two";
import { WhyTree } from "./WhyTree";

export interface Asked {
  person: number;
  name: string;
}

/** Why somebody is in a segment, or why not. */
export function SegmentWhy({ segment, asked, onClose }: { segment: { key: string; title: string }; asked: Asked; onClose: () => void }) {
  const t = useT("rule");
  const fmt = useFmt();
  const two = useTwo();
  const [text, setText] = useState(false);
  const why = useQuery({
    queryKey: ["segments", segment.key, "why", asked.person],
    queryFn: () => call(api.GET("/segments/{key}/why/{person}", { params: { path: { key: segment.key, person: asked.person } } })),
    staleTime: 0,
  });
  return (
    <WhyFrame title={why.data ? t(why.data.in ? "why.title_in" : "why.title_out", { name: asked.name, title: segment.title }) : t("why.title")} text={text} setText={setText} onClose={onClose}>
      <Await query={why}>
        {(w) => (
          <>
            <p className="row">
              <Badge tone={w.in ? "good" : "quiet"}>{t(w.in ? "why.in" : "why.out")}</Badge>
              {w.since !== null && <span>{t("why.since", { time: fmt.time(w.since) })}</span>}
            </p>
            {w.note && <p className="progress-note">{two(w.note)}</p>}
            <p>{two(w.sentence)}</p>
            <WhyTree node={w.tree} text={text} />
            <p className="muted">
              {t("why.quiet")} {t("why.checked", { time: fmt.time(w.at) })}
            </p>
          </>
        )}
      </Await>
    </WhyFrame>
  );
}

export function WhyFrame({ title, text, setText, onClose, children }: { title: string; text: boolean; setText: (on: boolean) => void; onClose: () => void; children: ReactNode }) {
  const t = useT("rule");
  return (
    <Drawer open size={560} title={title} onClose={onClose} extra={<Checkbox checked={text} onChange={(e) => setText(e.target.checked)}>{t("why.show_text")}</Checkbox>} styles={{ wrapper: { maxWidth: "100vw" } }}>
      <div className="why-body stack-s">{children}</div>
    </Drawer>
  );
}
