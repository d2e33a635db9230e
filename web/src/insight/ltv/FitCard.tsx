import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { NumberLink } from "../query/NumberLink";
import type { Fit, LtvAnswer, LtvOf } from "./ltv";

const number = (n: number) => (Math.abs(n) >= 1000 ? n.toFixed(0) : n.toPrecision(4));

/** The parameters with their errors, and how many people there are of each frequency. */
export function FitCard({ answer }: { answer: LtvAnswer }) {
  const t = useT("ltv");
  const fmt = useFmt();
  return (
    <div className="ltv-two">
      <Card title={t("fit.title")} note={t("fit.note")}>
        {answer.fit ? <Parameters fit={answer.fit} title={t(`model.${answer.model}`)} /> : <p className="muted">{t("fit.none")}</p>}
        {answer.spend.fit && <Parameters fit={answer.spend.fit} title="Gamma-Gamma" />}
        {answer.spend.mean !== null && (
          <p className="muted">
            {t("fit.spend", {
              mean: fmt.money(Math.round(answer.spend.mean), answer.currency),
              actual: fmt.money(Math.round(answer.spend.actual ?? 0), answer.currency),
              correlation: answer.spend.correlation === null ? "–" : answer.spend.correlation.toFixed(2),
            })}
          </p>
        )}
      </Card>
      <Card title={t("often.title")} note={t("often.note")}>
        <table className="ltv-table">
          <thead>
            <tr>
              <th scope="col">{t("check.repeats")}</th>
              <th scope="col" className="num">{t("bands.people")}</th>
              <th scope="col" className="num">{t("often.expected")}</th>
            </tr>
          </thead>
          <tbody>
            {answer.frequencies.map((f) => {
              const name = f.repeats === 7 ? "7+" : String(f.repeats);
              return (
                <tr key={f.repeats}>
                  <th scope="row">{name}</th>
                  <td className="num">
                    <NumberLink<LtvOf> n={f.people} of={{ who: "frequency", repeats: f.repeats }} title={t("often.who", { n: name })} />
                  </td>
                  <td className="num">{f.expected === null ? "–" : fmt.int(Math.round(f.expected))}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Card>
    </div>
  );
}

function Parameters({ fit, title }: { fit: Fit; title: string }) {
  const t = useT("ltv");
  const fmt = useFmt();
  return (
    <>
      <table className="ltv-table">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t("fit.parameter")}</th>
            <th scope="col" className="num">{t("fit.value")}</th>
            <th scope="col" className="num">{t("fit.error")}</th>
          </tr>
        </thead>
        <tbody>
          {fit.parameters.map((p) => (
            <tr key={p.name}>
              <th scope="row">{p.name}</th>
              <td className="num">{number(p.value)}</td>
              <td className="num">{p.error === null ? "–" : `± ${number(p.error)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted">{t(fit.converged ? "fit.converged" : "fit.not_converged", { ll: fit.log_likelihood.toFixed(1), people: fmt.int(fit.people), starts: fit.starts, agreeing: fit.agreeing })}</p>
    </>
  );
}
