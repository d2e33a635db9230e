import type { DefinitionState, Progress } from "../../api/rules";
import { useT } from "../../app/i18n";
import { Badge } from "../../ui/Badge";
import { useFmt } from "../../ui/format";
import "./definition.css";

/** Whether a rule works, is frozen, or is being worked out. */
export function StateMark({ state, progress }: { state: DefinitionState; progress?: Progress }) {
  const t = useT("definition");
  if (progress && progress.state !== "ready") return <Badge tone={progress.state === "failed" ? "bad" : "lake"}>{t(`progress.${progress.state}`)}</Badge>;
  return <Badge tone={state === "active" ? "good" : state === "paused" ? "act" : "quiet"}>{t(`state.${state}`)}</Badge>;
}

/** How far a new or edited rule has come; nothing once it is in force. */
export function ProgressNote({ progress }: { progress: Progress }) {
  const t = useT("definition");
  const fmt = useFmt();
  if (progress.state === "ready") return null;
  if (progress.state === "failed")
    return (
      <p className="progress-note bad" role="alert">
        {t("progress.failed_text")} {progress.error}
      </p>
    );
  return (
    <div className="progress-note" role="status">
      <span>{t("progress.text", { done: fmt.int(progress.done), total: fmt.int(progress.total) })}</span>
      <progress max={Math.max(progress.total, 1)} value={progress.done} />
    </div>
  );
}

/** How often a page asks again: each second while a rule is being worked out, else now and then, so that numbers stay alive. */
export const askAgain = (progress: Progress[] | undefined, idle = 2_000): number => (progress?.some((p) => p.state !== "ready" && p.state !== "failed") ? 1_000 : idle);
