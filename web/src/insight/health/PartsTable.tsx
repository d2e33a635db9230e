import { Link } from "@tanstack/react-router";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { NumberLink } from "../query/NumberLink";
import { tenth, type HealthAnswer, type HealthOf, type PartView } from "./health";

/** The parts with their formulas, in words and in numbers, and the people behind them. */
export function PartsTable({ answer }: { answer: HealthAnswer }) {
  const t = useT("health");
  return (
    <Card title={t("parts.title")} note={t("parts.note")}>
      <ul className="health-parts">
        {answer.parts.map((p) => (
          <PartRow key={p.part} p={p} />
        ))}
      </ul>
    </Card>
  );
}

function PartRow({ p }: { p: PartView }) {
  const t = useT("health");
  const fmt = useFmt();
  const name = t(`part.${p.part}.name`);
  const moved = p.value === null || p.before === null ? null : (p.value - p.before) * 100;
  return (
    <li className={`health-part ${p.level}`}>
      <div className="health-part-name">
        <b>{name}</b>
        <p className="muted">{t(`part.${p.part}.formula`)}</p>
      </div>
      <div className="health-part-value">
        {p.value === null ? (
          <span className="muted">{t(`reason.${p.reason || "none"}`)}</span>
        ) : (
          <>
            <b>{fmt.pct(p.value)}</b>
            <span className="muted">
              {" "}
              = <Numbers p={p} />
            </span>
            {moved !== null && Math.abs(moved) >= 0.05 && <span className="muted"> · {t(moved > 0 ? "moved.up" : "moved.down", { n: tenth(Math.abs(moved)) })}</span>}
          </>
        )}
        <p className="health-people">
          <Behind p={p} />
        </p>
      </div>
      <div className="health-part-points">
        <div className="health-bar" aria-hidden>
          <i style={{ width: `${p.points ?? 0}%` }} />
        </div>
        <span>{p.points === null ? "–" : t("points", { n: tenth(p.points) })}</span>
        <span className="muted">{p.share > 0 ? t("parts.counts", { share: fmt.pct(p.share) }) : t("parts.left_out")}</span>
        <span className="muted">{t("parts.band", { worst: fmt.pct(p.worst), best: fmt.pct(p.best) })}</span>
      </div>
    </li>
  );
}

/** The formula with its numbers. */
function Numbers({ p }: { p: PartView }) {
  const t = useT("health");
  const fmt = useFmt();
  const [yes, of] = [p.yes ?? 0, p.of ?? 0];
  if (p.part === "flow") return <>{t("numbers.flow", { yes: fmt.int(yes), no: fmt.int(of - yes) })}</>;
  if (p.part === "activity") return <>{t("numbers.activity", { yes: tenth(yes / 7), of: fmt.int(of / 7) })}</>;
  return <>{t("numbers.plain", { yes: fmt.int(yes), of: fmt.int(of) })}</>;
}

/** The ways to the people of a part: those who count and the others. */
function Behind({ p }: { p: PartView }) {
  const t = useT("health");
  const { part } = p;
  if (part === "quality") return <Link to="/settings/intake/rejected">{t("part.quality.behind")}</Link>;
  if (!p.of) return null;
  return (
    <>
      {(["yes", "no"] as const).map((side) => (
        <NumberLink<HealthOf> key={side} n={side === "yes" ? (p.yes ?? 0) : (p.of ?? 0) - (p.yes ?? 0)} of={{ part, side }} title={t(`part.${part}.${side}`)}>
          {t(`part.${part}.${side}`)}
        </NumberLink>
      ))}
    </>
  );
}
