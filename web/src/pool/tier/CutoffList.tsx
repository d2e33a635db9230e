import type { Cutoffs } from "../../api/rules";
import { useT } from "../../app/i18n";
import { usePool } from "../../app/session";
import { Ago } from "../../ui/Ago";
import { minorDigits, useFmt } from "../../ui/format";
import { useTwo } from "../rule/two";
import "./tier.css";

/** The limits between levels, visible: a share of buyers or a fixed figure, and when they were drawn. */
export function CutoffList({ cutoffs }: { cutoffs: Cutoffs }) {
  const t = useT("tier");
  const fmt = useFmt();
  const two = useTwo();
  const { currency } = usePool();
  const value = (v: Cutoffs["values"][number]) => (v.unit === "money" ? fmt.money(Math.round(v.value * 10 ** minorDigits(currency))) : t(`unit.${v.unit}`, { n: fmt.int(v.value) }));
  return (
    <>
      <dl className="cutoffs">
        {cutoffs.values.map((v, i) => (
          <div key={`${v.name}-${i}`}>
            <dt>
              {two(v.title)}
              {v.quantile !== null && ` · ${t("cutoffs.at", { n: Math.round(v.quantile * 100) })}`}
            </dt>
            <dd>{value(v)}</dd>
          </div>
        ))}
      </dl>
      <p className="muted">
        {t("cutoffs.drawn")} <Ago at={cutoffs.at} />
      </p>
    </>
  );
}
