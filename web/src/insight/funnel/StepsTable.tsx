import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { useGroupName } from "../query/BreakdownField";
import { NumberLink } from "../query/NumberLink";
import type { Group } from "../query/wire";
import type { FunnelAnswer, FunnelOf, FunnelQuery, StepAnswer } from "./funnel";
import { useSpan, useStepNames, useWho } from "./words";

/** Every number of the funnel, and the people behind each. */
export function StepsTable({ query, answer }: { query: FunnelQuery; answer: FunnelAnswer }) {
  const t = useT("funnel");
  const fmt = useFmt();
  const span = useSpan();
  const names = useStepNames(query);
  const who = useWho(names);
  const rate = (r: number | null) => (r === null ? "—" : fmt.pct(r));
  return (
    <Card title={t("table.title")} note={t("table.note")}>
      <div className="funnel-table" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("col.step")}</th>
              {(["people", "rate", "rate_previous", "dropped", "median"] as const).map((c) => (
                <th scope="col" className="num" key={c}>
                  {t(`col.${c}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answer.steps.map((s, i) => (
              <tr key={i} data-step={i + 1}>
                <th scope="row">
                  <span className="funnel-mark">{i + 1}</span> {names[i]}
                </th>
                <td className="num">
                  <NumberLink<FunnelOf> n={s.people} of={{ step: i + 1, who: "reached" }} title={who(i + 1, "reached")} />
                </td>
                <td className="num">{rate(s.rate)}</td>
                <td className="num">{i === 0 ? "" : rate(s.rate_previous)}</td>
                <td className="num">{i === 0 ? "" : <NumberLink<FunnelOf> n={s.dropped} of={{ step: i + 1, who: "dropped" }} title={who(i + 1, "dropped")} />}</td>
                <td className="num">{i === 0 ? "" : span(s.median_s)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** The same for each group of the breakdown, side by side. */
export function GroupsTable({ query, answer }: { query: FunnelQuery; answer: FunnelAnswer }) {
  const t = useT("funnel");
  const fmt = useFmt();
  const names = useStepNames(query);
  const who = useWho(names);
  const groupName = useGroupName(query.breakdown);
  if (answer.groups.length === 0) return null;
  const rows: { name: string; group?: Group; steps: StepAnswer[] }[] = [{ name: t("all"), steps: answer.steps }, ...answer.groups.map((g) => ({ ...g, name: groupName(g.group) }))];
  return (
    <Card title={t("groups.title")} note={t("groups.note")}>
      <div className="funnel-table" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("col.group")}</th>
              <th scope="col" className="num">
                {t("col.total")}
              </th>
              {names.map((n, i) => (
                <th scope="col" className="num" key={i}>
                  {n}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((r, k) => (
              <tr key={k} className={r.group ? undefined : "funnel-all"}>
                <th scope="row">{r.name}</th>
                <td className="num">
                  <b>{r.steps.at(-1)?.rate == null ? "—" : fmt.pct(r.steps.at(-1)?.rate ?? 0)}</b>
                </td>
                {r.steps.map((s, i) => (
                  <td className="num" key={i}>
                    <NumberLink<FunnelOf> n={s.people} of={{ step: i + 1, who: "reached", ...(r.group && { group: r.group }) }} title={who(i + 1, "reached", r.group && r.name)} />
                    {i > 0 && <small className="muted"> {s.rate_previous === null ? "—" : fmt.pct(s.rate_previous, 0)}</small>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
