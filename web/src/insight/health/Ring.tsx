import { useT } from "../../app/i18n";
import type { Level } from "./health";

const radius = 68;
const length = 2 * Math.PI * radius;

/** The score as water in a ring. */
export function Ring({ score, level }: { score: number | null; level: Level }) {
  const t = useT("health");
  return (
    <svg className={`health-ring ${level}`} width="176" height="176" viewBox="0 0 176 176" role="img" aria-label={score === null ? t("said.nothing") : t("ring", { score: Math.round(score), level: t(`level.${level}`) })}>
      <circle cx="88" cy="88" r={radius} className="health-ring-bed" />
      {score !== null && <circle cx="88" cy="88" r={radius} className="health-ring-water" strokeDasharray={`${(length * score) / 100} ${length}`} transform="rotate(-90 88 88)" />}
      <text x="88" y="94" textAnchor="middle" className="health-ring-score">
        {score === null ? "–" : Math.round(score)}
      </text>
      <text x="88" y="120" textAnchor="middle" className="health-ring-level">
        {level === "" ? "" : t(`level.${level}`)}
      </text>
    </svg>
  );
}
