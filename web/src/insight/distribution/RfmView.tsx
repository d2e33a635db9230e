import { Segmented } from "antd";
import { useState, type CSSProperties } from "react";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { NumberLink, useOpenPeople } from "../query/NumberLink";
import type { Result } from "../query/wire";
import { SpreadTable } from "./tables";
import type { RfmAnswer, RfmCell, RfmOf, RfmQuery } from "./wire";
import { useSay } from "./words";
import "./distribution.css";

/** The eight kinds of buyers, the grid of recency and frequency, and how the three figures are spread. */
export function RfmView({ result }: { query: RfmQuery; result: Result<RfmAnswer> }) {
  const { answer } = result;
  const t = useT("distribution");
  return (
    <>
      <Kinds answer={answer} />
      <Grid answer={answer} />
      <SpreadTable
        rows={[
          { name: t("rfm.recency"), spread: answer.recency.spread, unit: "days" },
          { name: t("rfm.frequency"), spread: answer.frequency.spread, unit: "number" },
          { name: t("rfm.monetary"), spread: answer.monetary.spread, unit: "money" },
        ]}
        unit="number"
        currency={answer.currency}
        counted={t("rfm.buyers")}
      />
    </>
  );
}

function Kinds({ answer }: { answer: RfmAnswer }) {
  const t = useT("distribution");
  const fmt = useFmt();
  const say = useSay(answer.currency);
  const money = answer.kinds.reduce((n, k) => n + k.money, 0);
  return (
    <Card title={t("rfm.kinds")} note={t("rfm.kinds_note", { r: say(answer.recency.middle, "days"), f: say(answer.frequency.middle, "number"), m: say(answer.monetary.middle, "money") })}>
      <div className="dist-table" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("rfm.kind")}</th>
              {(["people", "share", "money", "money_share", "each"] as const).map((c) => (
                <th scope="col" className="num" key={c}>
                  {t(`rfm.col.${c}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answer.kinds.map((k) => {
              const name = t(`tier:made.rfm.${k.key}.title`);
              return (
                <tr key={k.key}>
                  <th scope="row" title={t(`tier:made.rfm.${k.key}.strategy`)}>
                    {name}
                  </th>
                  <td className="num">
                    <NumberLink<RfmOf> n={k.people} of={{ kind: k.key }} title={name} />
                  </td>
                  <td className="num">{fmt.pct(k.people / Math.max(1, answer.people))}</td>
                  <td className="num">{fmt.money(k.money, answer.currency)}</td>
                  <td className="num">{money > 0 ? fmt.pct(k.money / money) : "—"}</td>
                  <td className="num">{k.people > 0 ? fmt.money(Math.round(k.money / k.people), answer.currency) : "—"}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** What is in a class, by the cuts between classes: over one, up to and with the next. */
export function classWords(cuts: number[], of: number, say: (n: number) => string, words: { upto: (to: string) => string; over: (from: string) => string }): string {
  const [from, to] = [cuts[of - 1], cuts[of]];
  if (to === undefined) return from === undefined ? "" : words.over(say(from));
  if (from === undefined) return words.upto(say(to));
  return to <= from ? "—" : `${say(from)} – ${say(to)}`;
}

function Grid({ answer }: { answer: RfmAnswer }) {
  const t = useT("distribution");
  const fmt = useFmt();
  const say = useSay(answer.currency);
  const open = useOpenPeople<RfmOf>();
  const [by, setBy] = useState<"people" | "money" | "each">("people");
  const n = Math.round(Math.sqrt(answer.grid.length));
  const of = (c: RfmCell) => (by === "people" ? c.people : by === "money" ? c.money : c.people === 0 ? 0 : c.money / c.people);
  const most = Math.max(1, ...answer.grid.map(of));
  const classes = Array.from({ length: n }, (_, i) => i + 1);
  const words = { upto: (to: string) => t("rfm.upto", { to }), over: (from: string) => t("rfm.over", { from }) };
  return (
    <Card
      title={t("rfm.grid")}
      note={t("rfm.grid_note")}
      actions={<Segmented size="small" value={by} onChange={(v) => setBy(v)} aria-label={t("rfm.by")} options={(["people", "money", "each"] as const).map((v) => ({ value: v, label: t(`rfm.col.${v}`) }))} />}
    >
      <div className="dist-grid-box" tabIndex={0}>
        <table className="dist-grid">
          <thead>
            <tr>
              <th scope="col">
                {t("rfm.recency")} ↓ / {t("rfm.frequency")} →
              </th>
              {classes.map((f) => (
                <th scope="col" key={f}>
                  F{f} · {classWords(answer.frequency.cuts, f - 1, (v) => say(v, "number"), words)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...classes].reverse().map((r) => (
              <tr key={r}>
                <th scope="row">
                  R{r} · {classWords(answer.recency.cuts, n - r, (v) => say(v, "days"), words)}
                </th>
                {classes.map((f) => {
                  const c = answer.grid.find((c) => c.r === r && c.f === f);
                  if (c === undefined) return <td key={f} />;
                  const name = t("rfm.cell", { r, f });
                  return (
                    <td key={f} style={{ "--depth": of(c) / most } as CSSProperties}>
                      <button type="button" disabled={c.people === 0 || open === null} aria-label={`${name}: ${fmt.int(c.people)}`} title={t("query:people.open", { title: name })} onClick={() => open?.({ r, f }, name)}>
                        <b>{by === "people" ? fmt.int(c.people) : fmt.money(Math.round(of(c)), answer.currency)}</b>
                        <small>{c.people === 0 ? "—" : by === "people" ? fmt.pct(c.people / Math.max(1, answer.people)) : t("rfm.n", { n: fmt.int(c.people) })}</small>
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
