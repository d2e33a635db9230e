import { useState, type PointerEvent } from "react";
import type { Person } from "../../api/types";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";

const height = 40;

/** Events a day as thin bars; the day under the pointer is told in words. */
export function Activity({ daily }: { daily: Person["daily"] }) {
  const t = useT("person");
  const fmt = useFmt();
  const [at, setAt] = useState<number>();
  const max = Math.max(0, ...daily.map((d) => d.events));
  const sum = daily.reduce((n, d) => n + d.events, 0);
  const days = daily.filter((d) => d.events > 0).length;
  const picked = at === undefined ? undefined : daily[at];

  const move = (e: PointerEvent<SVGSVGElement>) => {
    const box = e.currentTarget.getBoundingClientRect();
    setAt(Math.min(daily.length - 1, Math.max(0, Math.floor(((e.clientX - box.left) / box.width) * daily.length))));
  };
  return (
    <div className="activity">
      <div className="activity-words">
        <span>{t("daily.title")}</span>
        <span className="muted">
          {sum === 0 ? t("daily.none") : picked ? t("daily.at", { day: fmt.longDay(picked.date), n: fmt.int(picked.events) }) : t("daily.sum", { days: fmt.int(days), n: fmt.int(sum) })}
        </span>
      </div>
      {sum > 0 && (
        <svg
          viewBox={`0 0 ${daily.length} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t("daily.aria", { n: fmt.int(sum), max: fmt.int(max) })}
          onPointerMove={move}
          onPointerLeave={() => setAt(undefined)}
        >
          <line x1={0} x2={daily.length} y1={height - 0.5} y2={height - 0.5} />
          {daily.map((d, i) => {
            // the square root keeps quiet days visible beside a busy one
            const h = d.events === 0 ? 0 : Math.max(3, Math.sqrt(d.events / max) * (height - 2));
            return <rect key={d.date} x={i + 0.12} width={0.76} y={height - h} height={h} className={i === at ? "on" : ""} />;
          })}
        </svg>
      )}
    </div>
  );
}
