import { useState } from "react";
import { Segmented } from "antd";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { useOpenPeople } from "../query/NumberLink";
import type { Line, TrendAnswer, TrendOf, TrendQuery } from "./trend";
import { useLineNames, usePointName, useSay } from "./words";

/** Every number of a trend: totals of the lines, or point by point; each opens the people behind it. */
export function LinesTable({ query, answer }: { query: TrendQuery; answer: TrendAnswer }) {
  const t = useT("trend");
  const [by, setBy] = useState<"total" | "point">("total");
  return (
    <Card
      title={t(`table.${by}`)}
      note={t(`table.${by}_note`)}
      actions={<Segmented size="small" value={by} onChange={(v) => setBy(v)} aria-label={t("table.by")} options={(["total", "point"] as const).map((v) => ({ value: v, label: t(`table.by_${v}`) }))} />}
    >
      <div className="trend-table" tabIndex={0}>
        {by === "total" ? <Totals query={query} answer={answer} /> : <ByPoint query={query} answer={answer} />}
      </div>
    </Card>
  );
}

function Totals({ query, answer }: { query: TrendQuery; answer: TrendAnswer }) {
  const t = useT("trend");
  const fmt = useFmt();
  const names = useLineNames(query, answer.lines);
  const say = useSay(answer.currency);
  const former = answer.former !== undefined;
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t("col.line")}</th>
          <th scope="col" className="num">{t("col.total")}</th>
          {former && <th scope="col" className="num">{t("col.former")}</th>}
          {former && <th scope="col" className="num">{t("col.change")}</th>}
          {(["mean", "least", "most"] as const).map((c) => (
            <th scope="col" className="num" key={c}>
              {t(`col.${c}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {answer.lines.map((l, i) => {
          const said = l.values.filter((v): v is number => v !== null);
          const name = names[i] ?? l.key;
          return (
            <tr key={i}>
              <th scope="row">{name}</th>
              <td className="num">
                <Value line={l} v={l.total} of={{}} title={name}>
                  {say(l.total, l.unit)}
                </Value>
              </td>
              {former && (
                <td className="num">
                  <Value line={l} v={l.former?.total} of={{ former: true }} title={t("former_of", { name })}>
                    {say(l.former?.total, l.unit)}
                  </Value>
                </td>
              )}
              {former && <td className="num">{l.former?.change == null ? "—" : `${l.former.change > 0 ? "+" : ""}${fmt.pct(l.former.change)}`}</td>}
              <td className="num">{say(said.length === 0 ? null : said.reduce((a, b) => a + b, 0) / said.length, l.unit)}</td>
              <td className="num">{say(said.length === 0 ? null : Math.min(...said), l.unit)}</td>
              <td className="num">{say(said.length === 0 ? null : Math.max(...said), l.unit)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function ByPoint({ query, answer }: { query: TrendQuery; answer: TrendAnswer }) {
  const t = useT("trend");
  const names = useLineNames(query, answer.lines);
  const say = useSay(answer.currency);
  const point = usePointName(answer.grain);
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t("col.time")}</th>
          {names.map((n, i) => (
            <th scope="col" className="num" key={i}>
              {n}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {answer.points.map((p, k) => (
          <tr key={p.at}>
            <th scope="row">
              {point(p.at, true)}
              {(p.open || p.cut) && <small className="muted">{t(p.open ? "open_mark" : "cut_mark")}</small>}
            </th>
            {answer.lines.map((l, i) => (
              <td className="num" key={i}>
                <Value line={l} v={l.values[k]} of={{ at: p.at }} title={t("who", { name: names[i], at: point(p.at, true) })}>
                  {say(l.values[k], l.unit)}
                </Value>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A value that opens the people behind it. Formulas have none of their own: those of their series have. */
function Value({ line, v, of, title, children }: { line: Line; v: number | null | undefined; of: Omit<TrendOf, "key" | "group">; title: string; children: string }) {
  const t = useT("trend");
  const open = useOpenPeople<TrendOf>();
  if (open === null || line.key.length > 1 || v === null || v === undefined || v === 0) return <>{children}</>;
  return (
    <button type="button" className="number-link" title={t("query:people.open", { title })} aria-label={t("value_aria", { value: children, title })} onClick={() => open({ key: line.key, ...(line.group && { group: line.group }), ...of }, title)}>
      {children}
    </button>
  );
}
