import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import { useFmt } from "../../ui/format";
import { useGroupName } from "../query/BreakdownField";
import { useOpenPeople } from "../query/NumberLink";
import type { Result } from "../query/wire";
import { CountsTable, PeopleLink, SpreadTable } from "./tables";
import type { DistributionAnswer, DistributionOf, DistributionQuery } from "./wire";
import { useBinName } from "./words";
import "./distribution.css";

/** Bins and values with how many are in each. */
export function DistributionView({ query, result }: { query: DistributionQuery; result: Result<DistributionAnswer> }) {
  const { answer } = result;
  const t = useT("distribution");
  const fmt = useFmt();
  const bin = useBinName(answer.currency);
  const group = useGroupName(query.breakdown);
  const open = useOpenPeople<DistributionOf>();
  const counted = t(`counted.${answer.counted}`);
  const names = answer.parts.map((p) => (p.group ? group(p.group) : counted));
  const bars: { name: string; of: DistributionOf; n: number[] }[] = [
    ...answer.bins.map((b, i) => ({ name: bin(b, answer.unit), of: { ...(b.from !== null && { from: b.from }), ...(b.to !== null && { to: b.to }) }, n: answer.parts.map((p) => p.counts[i] ?? 0) })),
    ...answer.values.map((v, i) => ({ name: v.rest ? t("query:breakdown.rest") : v.value, of: { value: v }, n: answer.parts.map((p) => p.values[i] ?? 0) })),
  ];
  const none = answer.parts[0]?.none ?? null;
  const x = t(`x.${query.figure ?? "times"}`, { name: query.name });
  return (
    <>
      <div className="card">
        <Chart
          title={t("chart.distribution")}
          note={none === null ? undefined : <NoneNote n={none} />}
          xName={x}
          file="distribution"
          height={320}
          x={bars.map((b) => b.name)}
          series={names.map((name, i) => ({ name, data: bars.map((b) => b.n[i] ?? 0), type: "bar" as const }))}
          axes={[{ name: counted, exact: fmt.int, short: fmt.compact, min: 0 }]}
          onPick={open && answer.parts.length === 1 ? (i) => bars[i] && (bars[i].n[0] ?? 0) > 0 && open(bars[i].of, bars[i].name) : undefined}
        />
      </div>
      {answer.bins.length > 0 && <SpreadTable rows={answer.parts.map((p, i) => ({ name: p.group ? (names[i] ?? "") : t("all"), spread: p.spread }))} unit={answer.unit} currency={answer.currency} counted={counted} />}
      <CountsTable<DistributionOf> title={t("counts.title")} head={x} names={names} rows={bars.map((b) => ({ name: b.name, counts: answer.parts.map((p, i) => ({ n: b.n[i] ?? 0, of: { ...b.of, ...(p.group && { group: p.group }) } })) }))} />
    </>
  );
}

/** Those who are in no bar. */
function NoneNote({ n }: { n: number }) {
  const t = useT("distribution");
  return (
    <>
      {t("none")} <PeopleLink<DistributionOf> n={n} of={{ none: true }} title={t("none")} />
    </>
  );
}
