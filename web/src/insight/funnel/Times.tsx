import { Select } from "antd";
import { useMemo, useState } from "react";
import { useT } from "../../app/i18n";
import { Chart } from "../../ui/Chart";
import type { Axis } from "../../ui/chartOption";
import { useFmt } from "../../ui/format";
import { Stat } from "../../ui/Stat";
import { useOpenPeople } from "../query/NumberLink";
import type { FunnelAnswer, FunnelOf, FunnelQuery } from "./funnel";
import { useSpan, useStepNames, useWho } from "./words";

/** How long the way took those who went it: the whole of it, or one step. A bar opens its people. */
export function Times({ query, answer }: { query: FunnelQuery; answer: FunnelAnswer }) {
  const t = useT("funnel");
  const fmt = useFmt();
  const span = useSpan();
  const names = useStepNames(query);
  const who = useWho(names);
  const open = useOpenPeople<FunnelOf>();
  const last = answer.steps.length;
  // 0 is the whole way; k the way from step k to the next
  const [chosen, setChosen] = useState(0);
  const leg = chosen < last ? chosen : 0;
  const step = leg === 0 ? last : leg + 1;
  const times = leg === 0 ? { ...answer.times, p90: answer.times.p90_s } : { ...answer.steps[leg], p90: answer.steps[leg]?.p90_s ?? null };
  const bins = times.bins ?? [];
  const spec = useMemo(() => {
    const axes: [Axis] = [{ name: t("axis.people"), exact: fmt.int, short: fmt.compact, min: 0 }];
    const said = bins.map((b) => t("took.bin", { from: fmt.span(b.from_s), to: fmt.span(b.to_s) }));
    return { x: said, axes, series: [{ name: t("axis.people"), data: bins.map((b) => b.people ?? 0), type: "bar" as const, colour: 0 }] };
  }, [bins, fmt, t]);
  const people = times.people ?? 0;
  return (
    <div className="card stack">
      <Chart
        title={t("took.title")}
        note={people === 0 ? t("took.nobody") : t(leg === 0 ? "took.note" : "took.note_step", { n: fmt.int(people), from: names[leg - 1], to: names[leg] })}
        xName={t("took.x")}
        file="funnel-times"
        height={260}
        actions={
          last > 2 && (
            <Select
              value={leg}
              aria-label={t("took.which")}
              popupMatchSelectWidth={false}
              options={[{ value: 0, label: t("took.whole") }, ...names.slice(1).map((n, i) => ({ value: i + 1, label: t("took.leg", { from: names[i], to: n }) }))]}
              onChange={setChosen}
            />
          )
        }
        {...spec}
        onPick={
          open === null
            ? undefined
            : (i) => {
                const bin = bins[i];
                if (bin !== undefined && (bin.people ?? 0) > 0)
                  open({ step, who: "reached", wait: { from_s: bin.from_s, to_s: bin.to_s }, ...(leg === 0 && { whole: true }) }, t("who.took", { span: spec.x[i], said: who(step, "reached") }));
              }
        }
      />
      {people > 0 && (
        <div className="funnel-times">
          <Stat label={t("took.median")} value={span(times.median_s ?? null)} />
          {leg === 0 && <Stat label={t("took.half")} value={t("took.range", { from: span(answer.times.p25_s), to: span(answer.times.p75_s) })} help={t("took.half_help")} />}
          <Stat label={t("took.p90")} value={span(times.p90)} help={t("took.p90_help")} />
        </div>
      )}
    </div>
  );
}
