import { Button } from "antd";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import type { RunState } from "./wire";

/** How far a question is, and a way to stop it. */
export function RunProgress({ state, cancel }: { state: RunState | undefined; cancel: () => void }) {
  const t = useT("query");
  const fmt = useFmt();
  const part = state && state.total > 0 ? Math.min(1, state.done / state.total) : undefined;
  return (
    <div className="run" role="status">
      <div className="row">
        <span className="grow">
          {t(`run.stage.${state?.stage || "asking"}`, { defaultValue: t("run.stage.asking") })}
          {state && state.total > 0 && <span className="muted"> · {t("run.of", { done: fmt.compact(state.done), total: fmt.compact(state.total) })}</span>}
          {state?.seconds_left ? <span className="muted"> · {t("run.left", { time: fmt.span(Math.max(1, state.seconds_left)) })}</span> : null}
        </span>
        <Button size="small" onClick={cancel}>
          {t("run.cancel")}
        </Button>
      </div>
      <progress value={part} max={1} aria-label={t("run.label")} />
    </div>
  );
}
