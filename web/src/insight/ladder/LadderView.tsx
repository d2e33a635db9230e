import { Tooltip } from "antd";
import { useT } from "../../app/i18n";
import { useLang } from "../../app/prefs";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { NumberLink } from "../query/NumberLink";
import type { Result } from "../query/wire";
import type { LadderAnswer, LadderOf, LadderQuery, RungAnswer } from "./ladder";
import { useRungName } from "./words";
import "./ladder.css";

/** A ladder, the highest rung on top: on its page, and on boards. */
export function LadderView({ result }: { query: LadderQuery; result: Result<LadderAnswer> }) {
  const t = useT("ladder");
  const { answer } = result;
  const most = Math.max(1, ...answer.rungs.map((r) => r.reached));
  return (
    <>
      <div className="ladder">
        {answer.rungs.map((r, k) => <RungCard key={r.key} rung={r} k={k} below={answer.rungs[k - 1]} most={most} />).reverse()}
      </div>
      <p className="muted">
        {t("below")} <NumberLink<LadderOf> n={answer.below} of={{ who: "below", rung: 0 }} title={t("who.below")} />
      </p>
    </>
  );
}

function RungCard({ rung: r, k, below, most }: { rung: RungAnswer; k: number; below?: RungAnswer; most: number }) {
  const t = useT("ladder");
  const fmt = useFmt();
  const lang = useLang();
  const name = useRungName();
  const rung = name(r);
  const hours = (h: number) => fmt.span(h * 3600);
  const means = r.means.length > 0 ? r.means : r.suggested.map((m) => (lang === "en" ? m.en : m.zh));
  return (
    <Card
      className="ladder-rung"
      title={rung}
      note={r.steps.map((s) => s.title || s.event).join(t("join"))}
      actions={r.conversion !== null && <span className="ladder-rate">{t("conversion", { rate: fmt.pct(r.conversion) })}</span>}
    >
      <div className="ladder-level" aria-hidden>
        <span className="ladder-reached" style={{ width: `${(100 * r.reached) / most}%` }} />
        <span className="ladder-standing" style={{ width: `${(100 * r.standing) / most}%` }} />
      </div>
      <dl className="ladder-figures">
        <Item label={t("standing")} n={r.standing} of={{ who: "standing", rung: k }} title={t("who.standing", { rung })} strong />
        <Item label={t("reached")} n={r.reached} of={{ who: "reached", rung: k }} title={t("who.reached", { rung })} />
        {k > 0 && <Item label={t("rose")} n={r.rose} of={{ who: "rose", rung: k }} title={t("who.rose", { rung })} />}
        {k > 0 && <Item label={t("direct")} n={r.direct} of={{ who: "direct", rung: k }} title={t("who.direct", { rung })} />}
        {r.wait && below && (
          <div>
            <dt>{t("wait", { rung: name(below) })}</dt>
            <dd>
              <Tooltip title={t("quartiles", { low: hours(r.wait.low), high: hours(r.wait.high) })}>{hours(r.wait.median)}</Tooltip>
            </dd>
          </div>
        )}
      </dl>
      {r.unknown.length > 0 && <p className="muted">{t("unknown", { events: r.unknown.join(t("join")) })}</p>}
      {k > 0 && (
        <div className="ladder-two">
          <div>
            <h3>{t("moved.title")}</h3>
            <p className="muted">{t("moved.note", { last: fmt.int(r.last), stayed: fmt.int(r.stayed) })}</p>
            {r.movers.length === 0 ? (
              <p className="muted">{t("moved.none")}</p>
            ) : (
              <table className="ladder-table">
                <thead>
                  <tr>
                    <th scope="col">{t("moved.event")}</th>
                    <th scope="col" className="num">{t("moved.people")}</th>
                    <th scope="col" className="num">{t("moved.share")}</th>
                    <th scope="col" className="num">{t("moved.stayed")}</th>
                    <th scope="col" className="num">{t("moved.lift")}</th>
                  </tr>
                </thead>
                <tbody>
                  {r.movers.map((m) => (
                    <tr key={m.event} className={m.low > 1 ? undefined : "ladder-unsure"}>
                      <th scope="row">{m.event}</th>
                      <td className="num">
                        <NumberLink<LadderOf> n={m.people} of={{ who: "did", rung: k, event: m.event }} title={t("who.did", { rung, event: m.event })} />
                      </td>
                      <td className="num">{fmt.pct(m.share)}</td>
                      <td className="num">{fmt.pct(m.stayed)}</td>
                      <td className="num">
                        <Tooltip title={t(m.low > 1 ? "moved.sure" : "moved.unsure", { low: m.low.toFixed(2) })}>{t("times", { n: m.lift.toFixed(1) })}</Tooltip>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </div>
          <div>
            <h3>{t(r.means.length > 0 ? "means.own" : "means.suggested")}</h3>
            <ul>
              {means.map((m) => (
                <li key={m}>{m}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
    </Card>
  );
}

function Item({ label, n, of, title, strong }: { label: string; n: number; of: LadderOf; title: string; strong?: boolean }) {
  return (
    <div className={strong ? "ladder-strong" : undefined}>
      <dt>{label}</dt>
      <dd>
        <NumberLink<LadderOf> n={n} of={of} title={title} />
      </dd>
    </div>
  );
}
