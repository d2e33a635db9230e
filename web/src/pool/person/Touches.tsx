import type { Person, Touch } from "../../api/types";
import { useT } from "../../app/i18n";
import { Ago } from "../../ui/Ago";
import { Card } from "../../ui/PageHead";

const details = ["source", "medium", "campaign", "referrer", "landing", "click_id"] as const;

/** Where a person came from at first, and the last time. */
export function Touches({ person }: { person: Person }) {
  const t = useT("person");
  const { first_touch: first, last_touch: last } = person;
  const same = first !== null && last !== null && first.time === last.time;
  return (
    <Card title={t("touch.first")}>
      {first === null ? <p className="muted">{t("touch.none")}</p> : <One touch={first} />}
      {last !== null && !same && (
        <>
          <h3 className="side-title">{t("touch.last")}</h3>
          <One touch={last} />
        </>
      )}
    </Card>
  );
}

function One({ touch }: { touch: Touch }) {
  const t = useT("person");
  return (
    <div className="touch">
      <div className="touch-head">
        <b>{touch.channel || t("touch.none")}</b>
        <span className="muted">{t(`touch.class.${touch.class}`)}</span>
        <span className="grow" />
        <span className="muted">
          <Ago at={touch.time} />
        </span>
      </div>
      <dl className="traits">
        {details
          .filter((d) => touch[d])
          .map((d) => (
            <div className="trait" key={d}>
              <dt>{t(`touch.${d}`)}</dt>
              <dd>
                <span className="trait-value">{touch[d]}</span>
              </dd>
            </div>
          ))}
      </dl>
    </div>
  );
}
