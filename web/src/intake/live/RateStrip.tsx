import type { IntakeStats } from "../../api/types";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Stat } from "../../ui/Stat";

/** The intake in four figures. */
export function RateStrip({ stats }: { stats: IntakeStats }) {
  const t = useT("live");
  const fmt = useFmt();
  const rate = (n: number) => (n >= 100 ? fmt.int(n) : n.toFixed(1));
  return (
    <section className="card intake-strip">
      <Stat label={t("accepted")} value={rate(stats.accepted_per_s)} note={t("per_s")} help={t("accepted_help")} />
      <Stat label={t("lag")} value={fmt.int(stats.lag)} note={stats.lag === 0 ? t("lag_none") : t("lag_some", { rate: rate(stats.applied_per_s) })} help={t("lag_help")} />
      <Stat label={t("total")} value={fmt.compact(stats.accepted_total)} note={t("total_note")} />
      <Stat label={t("rejected")} value={fmt.int(stats.rejected_24h)} note={t("rejected_note")} href={stats.rejected_24h > 0 ? "/settings/intake/rejected" : undefined} />
    </section>
  );
}
