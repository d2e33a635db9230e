import { Link } from "@tanstack/react-router";
import type { IntakeStats } from "../../api/types";
import { useT } from "../../app/i18n";
import { Ago } from "../../ui/Ago";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";

/** Which key brought how much. */
export function Sources({ stats }: { stats: IntakeStats }) {
  const t = useT("live");
  const fmt = useFmt();
  const most = Math.max(1, ...stats.sources.map((s) => s.events));
  return (
    <Card title={t("sources.title")}>
      {stats.sources.length === 0 ? (
        <p className="muted">
          {t("sources.none")} <Link to="/settings/intake/install">{t("sources.install")}</Link>
        </p>
      ) : (
        <ul className="sources">
          {stats.sources.map((s) => (
            <li key={s.key_id}>
              <span className="source-name">{s.name}</span>
              <span className="num">{fmt.int(s.events)}</span>
              <span className="source-bar" aria-hidden>
                <i style={{ width: `${(s.events / most) * 100}%` }} />
              </span>
              <span className="muted source-at">
                <Ago at={s.last_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
