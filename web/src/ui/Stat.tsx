import { Tooltip } from "antd";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useT } from "../app/i18n";
import { useFmt } from "./format";

export interface StatProps {
  label: string;
  value: ReactNode;
  /** The figures to compare; the change is shown as a percentage, or in points for rates. */
  change?: { now: number; before: number; rate?: boolean; text: string };
  /** What the figure means exactly. */
  help?: string;
  /** The people or events behind the figure: a path with its search, e.g. "/pool/people?f=orders:gte:1". */
  href?: string;
  note?: ReactNode;
}

/** One figure with its name, its change against the period before, and the way to what is behind it. */
export function Stat({ label, value, change, help, href, note }: StatProps) {
  return (
    <div className="stat">
      <div className="stat-label">
        {help ? (
          <Tooltip title={help}>
            <span className="has-help" tabIndex={0}>
              {label}
            </span>
          </Tooltip>
        ) : (
          label
        )}
      </div>
      <div className="stat-value">{href ? <Link to={href}>{value}</Link> : value}</div>
      {change && <Delta {...change} />}
      {note && <div className="muted">{note}</div>}
    </div>
  );
}

function Delta({ now, before, rate, text }: NonNullable<StatProps["change"]>) {
  const t = useT("ui");
  const fmt = useFmt();
  const by = rate ? now - before : before === 0 ? null : (now - before) / Math.abs(before);
  if (by === null) return <div className="delta muted">{t(now === 0 ? "delta.still_none" : "delta.from_none")}</div>;
  const way = Math.abs(by) < 0.0005 ? "even" : by > 0 ? "up" : "down";
  const size = rate ? t("delta.points", { n: Math.abs(by * 100).toFixed(1) }) : fmt.pct(Math.abs(by));
  return (
    <Tooltip title={text}>
      <div className={`delta ${way}`} tabIndex={0}>
        <span aria-hidden>{way === "up" ? "↑" : way === "down" ? "↓" : "→"}</span>{" "}
        <span className="visually-hidden">{t(`delta.${way}`)}</span>
        {way === "even" ? t("delta.even") : size}
      </div>
    </Tooltip>
  );
}
