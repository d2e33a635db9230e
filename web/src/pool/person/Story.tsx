import { BranchesOutlined, LinkOutlined, MergeCellsOutlined, StopOutlined } from "@ant-design/icons";
import { Fragment, type ReactNode } from "react";
import type { Edge } from "../../api/types";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { IdentityTag } from "../kind/IdentityTag";
import { byHand, newestFirst, reasonText, sentence } from "./story";

const icons: Record<Edge["kind"], ReactNode> = {
  link: <LinkOutlined aria-hidden />,
  merge: <MergeCellsOutlined aria-hidden />,
  kept: <LinkOutlined aria-hidden />,
  unmerge: <BranchesOutlined aria-hidden />,
  quarantine: <StopOutlined aria-hidden />,
};

/** Each link, merge, split and quarantine as a sentence, with when, why and by whom. */
export function Story({ story }: { story: Edge[] }) {
  const t = useT("person");
  const fmt = useFmt();
  if (story.length === 0) return <p className="muted">{t("story.none")}</p>;
  return (
    <ol className="story">
      {newestFirst(story).map((edge) => (
        <li key={edge.id} className={`story-item ${edge.kind} ${edge.active ? "" : "cut"}`}>
          <span className="story-mark" aria-hidden>
            {icons[edge.kind]}
          </span>
          <div className="story-words">
            <p>
              {sentence(edge, t).map((part, i) => (
                <Fragment key={i}>{typeof part === "string" ? part : <IdentityTag identity={part} off={!edge.active} />}</Fragment>
              ))}
            </p>
            <p className="story-meta">
              <time dateTime={edge.at}>{fmt.time(edge.at)}</time>
              <span>{byHand(edge.author) ? t("story.by", { author: edge.author }) : t("story.by_system")}</span>
              {edge.event_id !== "" && <code title={edge.event_id}>{t("story.event", { id: edge.event_id })}</code>}
            </p>
            {edge.cut_at !== null && (
              <p className="story-cut">
                {edge.cut_reason === "" ? t("story.cut", { time: fmt.time(edge.cut_at) }) : t("story.cut_because", { time: fmt.time(edge.cut_at), reason: reasonText(edge.cut_reason, t) })}
              </p>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
