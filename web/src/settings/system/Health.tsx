import { CheckCircleFilled, SyncOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import type { SystemHealth } from "../../api/types";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { Stat } from "../../ui/Stat";

/** Whether everything accepted has been worked on, and how much room it takes. */
export function Health({ h }: { h: SystemHealth }) {
  const t = useT("system");
  const fmt = useFmt();
  return (
    <div className="stack">
      <Card title={t("health.path")} note={t("health.path_note")}>
        <div className="stages">
          <Stage name={t("health.log")} text={t("health.log_text")}>
            <b>{t("health.batches", { n: fmt.int(h.log.last) })}</b>
            <small>{fmt.bytes(h.log.bytes)}</small>
          </Stage>
          <Stage name={t("health.pool")} text={t("health.pool_text")} applied={h.pool.applied} of={h.log.last} lag={h.pool.lag} />
          <Stage name={t("health.warehouse")} text={t("health.warehouse_text")} applied={h.warehouse.applied} of={h.log.last} lag={h.warehouse.lag} />
          <Stage name={t("health.rules")} text={t("health.rules_text")}>
            <b>{h.rules.ready ? t("health.rules_units", { n: fmt.int(h.rules.units) }) : t("health.rules_reading")}</b>
            <small className={h.rules.ready && h.rules.owed === 0 ? "stage-done" : "stage-behind"}>
              {h.rules.ready && h.rules.owed === 0 ? <CheckCircleFilled aria-hidden /> : <SyncOutlined spin aria-hidden />}{" "}
              {h.rules.owed > 0 ? t("health.rules_owed", { n: fmt.int(h.rules.owed) }) : t("health.rules_sweep", { ms: fmt.int(Math.round(h.rules.last_sweep_ms)) })}
            </small>
          </Stage>
        </div>
      </Card>
      <Card title={t("health.node")}>
        <div className="kpi-row">
          <Stat label={t("health.version")} value={h.version} />
          <Stat label={t("health.uptime")} value={fmt.span(h.uptime_s)} />
          <Stat label={t("health.events")} value={fmt.compact(h.warehouse.events)} note={fmt.int(h.warehouse.events)} />
          <Stat label={t("health.data")} value={fmt.bytes(h.data_bytes)} help={t("health.data_help")} />
          <Stat label={t("health.timelines")} value={fmt.bytes(h.timelines.bytes)} note={t("health.timelines_note", { n: fmt.compact(h.timelines.events) })} />
          <Stat label={t("health.state")} value={fmt.bytes(h.state.bytes)} note={h.state.dialect} />
        </div>
      </Card>
    </div>
  );
}

function Stage({ name, text, applied, of, lag, children }: { name: string; text: string; applied?: number; of?: number; lag?: number; children?: ReactNode }) {
  const t = useT("system");
  const fmt = useFmt();
  return (
    <div className="stage">
      <h3>{name}</h3>
      <p className="muted">{text}</p>
      {children}
      {lag !== undefined && (
        <>
          <b>{t("health.batches", { n: fmt.int(applied ?? 0) })}</b>
          <small className={lag < 10 ? "stage-done" : "stage-behind"}>
            {lag < 10 ? <CheckCircleFilled aria-hidden /> : <SyncOutlined spin aria-hidden />} {lag < 10 ? t("health.caught_up") : t("health.behind", { n: fmt.int(lag) })}
          </small>
          <progress value={of === 0 ? 1 : applied} max={of === 0 ? 1 : of} aria-label={name} />
        </>
      )}
    </div>
  );
}
