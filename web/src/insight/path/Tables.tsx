import { Segmented } from "antd";
import { useState } from "react";
import { useT } from "../../app/i18n";
import { useVocabulary } from "../../pool/rule/schema";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { NumberLink } from "../query/NumberLink";
import { useStepName } from "../query/StepsField";
import { usualSteps, type PathAnswer, type PathOf, type PathQuery } from "./path";
import { ofLink, ofNode } from "./query";
import { useNodeName, useWho } from "./words";

/** Every node of a step with where it comes from, and the people behind each number. */
export function LinksTable({ query, answer }: { query: PathQuery; answer: PathAnswer }) {
  const t = useT("path");
  const fmt = useFmt();
  const name = useNodeName(query);
  const who = useWho(query);
  const [wanted, setStep] = useState(1);
  const most = Math.max(1, ...answer.nodes.map((n) => n.step));
  const step = Math.min(wanted, most);
  const nodes = answer.nodes.flatMap((n, place) => (n.step === step ? [{ ...n, place }] : []));
  return (
    <Card
      title={t("table.title")}
      note={t("table.note")}
      actions={<Segmented<number> size="small" value={step} aria-label={t("table.step")} options={Array.from({ length: Math.min(most, query.steps ?? usualSteps) }, (_, i) => ({ value: i + 1, label: String(i + 1) }))} onChange={setStep} />}
    >
      <div className="path-table" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("col.event")}</th>
              <th scope="col" className="num">
                {t(query.which === "every" ? "col.paths" : "col.people")}
              </th>
              <th scope="col" className="num">
                {t("col.of_all")}
              </th>
              <th scope="col">{t(query.direction === "before" ? "col.leads" : "col.comes")}</th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((n) => (
              <tr key={n.place}>
                <th scope="row">{name(n)}</th>
                <td className="num">
                  <NumberLink<PathOf> n={n.paths} of={ofNode(n)} title={who.node(n)} />
                </td>
                <td className="num">{fmt.pct(n.share)}</td>
                <td className="path-from">
                  {answer.links
                    .filter((l) => l.to === n.place)
                    .sort((a, b) => b.paths - a.paths)
                    .map((l) => {
                      const from = answer.nodes[l.from];
                      return (
                        from && (
                          <span key={l.from}>
                            {name(from)} <NumberLink<PathOf> n={l.paths} of={ofLink(from, n)} title={who.link(from, n)} />
                          </span>
                        )
                      );
                    })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

const few = 10;

/** The ways that most people go, from one end to the other. */
export function RoutesTable({ query, answer }: { query: PathQuery; answer: PathAnswer }) {
  const t = useT("path");
  const fmt = useFmt();
  const words = useVocabulary();
  const stepName = useStepName();
  const [all, setAll] = useState(false);
  const before = query.direction === "before";
  const shown = all ? answer.routes : answer.routes.slice(0, few);
  return (
    <Card title={t("routes.title")} note={t(answer.all_routes ? "routes.note" : "routes.note_some")}>
      <ol className="path-routes">
        {shown.map((r, i) => {
          const names = r.events.map((e) => words.event(e));
          const way = [stepName(query.anchor), ...names, ...(r.ended ? [t(before ? "beginning" : "end")] : [])];
          if (before) way.reverse();
          return (
            <li key={i}>
              <span className="path-route">
                {way.map((n, k) => (
                  <span key={k} className={`path-stop ${k === (before ? way.length - 1 : 0) ? "anchor" : ""}`}>
                    {n}
                  </span>
                ))}
              </span>
              <span className="path-n">
                <NumberLink<PathOf> n={r.paths} of={{ step: 0, route: r.events, ended: r.ended }} title={way.join(" → ")} /> <small className="muted">{fmt.pct(r.share)}</small>
              </span>
            </li>
          );
        })}
      </ol>
      {answer.routes.length > few && (
        <button type="button" className="number-link" onClick={() => setAll(!all)}>
          {t(all ? "routes.fewer" : "routes.more", { n: answer.routes.length })}
        </button>
      )}
    </Card>
  );
}
