import { Button } from "antd";
import { asApiError } from "../../api/error";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { explain, Loading } from "../../ui/states";
import { PersonLink } from "../people/PersonLink";
import { useCount } from "./count";
import type { Draft } from "./draft";
import { useTwo } from "./two";

/** What the rule means in a sentence, how many people it fits right now, and some of them. */
export function CountPanel({ draft }: { draft: Draft }) {
  const t = useT("rule");
  const fmt = useFmt();
  const two = useTwo();
  const good = draft.state === "ready";
  const count = useCount(good ? draft.text : undefined);
  const found = count.data;
  const stale = !good || count.isPlaceholderData;
  return (
    <div className="stack rule-panel">
      <Card title={t("panel.sentence")}>
        <p className={`rule-sentence ${good ? "" : "muted"}`} aria-live="polite">
          {draft.sentence ? two(draft.sentence) : t(`panel.${draft.state === "open" ? "open" : draft.state === "wrong" ? "wrong" : draft.state === "failed" ? "failed" : "asking"}`)}
        </p>
        {draft.cycle.length > 0 && (
          <p className="rule-cycle" role="alert">
            {t("panel.cycle")} <b>{draft.cycle.join(" → ")}</b>
          </p>
        )}
        {draft.error && (
          <p className="rule-cycle" role="alert">
            {explain(draft.error)}{" "}
            <Button size="small" onClick={draft.retry}>
              {t("ui:retry")}
            </Button>
          </p>
        )}
      </Card>
      <Card title={t("panel.count")}>
        {found === undefined ? (
          count.isError ? (
            <p className="muted">{asApiError(count.error).code === "engine.not_ready" ? t("panel.not_ready") : explain(count.error)}</p>
          ) : good ? (
            <Loading rows={2} />
          ) : (
            <p className="muted">{t("panel.no_count")}</p>
          )
        ) : (
          <div className={stale ? "rule-stale" : ""} aria-busy={count.isFetching}>
            <div className="rule-count" aria-live="polite">
              <b data-testid="rule-count">{fmt.int(found.count)}</b>
              <span className="muted">{t("panel.of", { n: fmt.int(found.total), share: fmt.pct(found.total === 0 ? 0 : found.count / found.total) })}</span>
            </div>
            <div className="rule-share" aria-hidden>
              <i style={{ width: `${found.total === 0 ? 0 : (100 * found.count) / found.total}%` }} />
            </div>
            <p className="muted rule-took">{t("panel.took", { ms: fmt.int(Math.max(1, Math.round(found.took_ms))) })}</p>
            {found.samples.length > 0 && (
              <>
                <h3 className="side-title">{t("panel.samples")}</h3>
                <ul className="rule-samples">
                  {found.samples.map((p) => (
                    <li key={p.id}>
                      <PersonLink person={p} />
                    </li>
                  ))}
                </ul>
              </>
            )}
          </div>
        )}
      </Card>
    </div>
  );
}
