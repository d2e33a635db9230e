import { Alert } from "antd";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import type { Reason, Verdict } from "./ltv";

/** Reasons whose figures are shares. */
const shares = new Set(["holdout_off", "wide_error"]);

/** How far the model may be believed, and why not further. */
export function VerdictNote({ verdict }: { verdict: Verdict }) {
  const t = useT("ltv");
  const fmt = useFmt();
  const figure = (r: Reason, n: number | null) => (n === null ? "–" : shares.has(r.code) ? fmt.pct(n) : r.code === "spend_depends" || r.code === "border" || r.code === "spend_no_mean" ? n.toPrecision(3) : fmt.int(n));
  const list = verdict.reasons.length > 0 && (
    <ul className="ltv-reasons">
      {verdict.reasons.map((r, i) => (
        <li key={i}>{t(`reason.${r.code}`, { name: r.name ?? "", value: figure(r, r.value), limit: figure(r, r.limit) })}</li>
      ))}
    </ul>
  );
  const kind = verdict.level === "good" ? "success" : verdict.level === "none" ? "info" : "warning";
  return <Alert className="ltv-verdict" type={kind} showIcon title={t(`verdict.${verdict.level}`)} description={list || undefined} />;
}
