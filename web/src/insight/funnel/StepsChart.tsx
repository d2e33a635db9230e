import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { useDark } from "../../app/prefs";
import { palette } from "../../app/theme";
import { Figure } from "../../ui/Figure";
import { useFmt } from "../../ui/format";
import { useGroupName } from "../query/BreakdownField";
import { useOpenPeople } from "../query/NumberLink";
import { funnelOption, picked } from "./chart";
import type { FunnelAnswer, FunnelOf, FunnelQuery } from "./funnel";
import { useSpan, useStepNames, useWho } from "./words";

const escape = (s: string) => s.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** The funnel itself. A click on a bar opens those who came, on the pale part above it those who left. */
export function StepsChart({ query, answer }: { query: FunnelQuery; answer: FunnelAnswer }) {
  const t = useT("funnel");
  const fmt = useFmt();
  const span = useSpan();
  const isDark = useDark();
  const names = useStepNames(query);
  const who = useWho(names);
  const groupName = useGroupName(query.breakdown);
  const open = useOpenPeople<FunnelOf>();
  const groups = useMemo(
    () => (answer.groups.length > 0 ? answer.groups.map((g) => ({ ...g, name: groupName(g.group) })) : [{ name: t("all"), steps: answer.steps, group: undefined }]),
    [answer, groupName, t],
  );
  const option = useMemo(() => {
    const row = (label: string, value: string) => `<tr><td style="padding:1px 24px 1px 0">${escape(label)}</td><td style="text-align:right;font-variant-numeric:tabular-nums">${escape(value)}</td></tr>`;
    const tip = (i: number) => {
      const head = `<div style="margin-bottom:4px;font-weight:600">${escape(names[i] ?? "")}</div>`;
      const rows =
        groups.length > 1
          ? groups.map((g) => row(g.name, `${fmt.int(g.steps[i]?.people ?? 0)} · ${g.steps[i]?.rate == null ? "—" : fmt.pct(g.steps[i].rate)}`))
          : groups[0]?.steps.slice(i, i + 1).flatMap((s) => [
              row(t("col.people"), fmt.int(s.people)),
              ...(i === 0
                ? []
                : [row(t("col.rate"), s.rate === null ? "—" : fmt.pct(s.rate)), row(t("col.rate_previous"), s.rate_previous === null ? "—" : fmt.pct(s.rate_previous)), row(t("col.dropped"), fmt.int(s.dropped)), row(t("col.median"), span(s.median_s))]),
            ]);
      return `${head}<table style="border-spacing:0">${(rows ?? []).join("")}</table>`;
    };
    return funnelOption(
      { steps: names, groups, words: { people: t("axis.people"), share: t("axis.share"), dropped: t("col.dropped"), reached: t("col.people") }, int: fmt.int, short: fmt.compact, pct: (r) => fmt.pct(r, r > 0 && r < 0.1 ? 1 : 0), tip },
      palette(isDark),
    );
  }, [groups, names, fmt, span, t, isDark]);
  const rows = groups.flatMap((g) => g.steps.map((s, i) => [names[i], ...(groups.length > 1 ? [g.name] : []), s.people, s.rate, s.rate_previous, i === 0 ? null : s.dropped, s.median_s]));
  const shift = groups.length > 1 ? 1 : 0;
  return (
    <div className="card">
      <Figure
        title={t("chart.title")}
        note={t(groups.length > 1 ? "chart.note_groups" : "chart.note")}
        file="funnel"
        height={340}
        option={option}
        head={[t("col.step"), ...(shift ? [t("col.group")] : []), t("col.people"), t("col.rate"), t("col.rate_previous"), t("col.dropped"), t("col.median_file")]}
        rows={rows}
        shown={(cell, column) => {
          if (cell === null || cell === undefined) return "—";
          if (typeof cell !== "number") return String(cell);
          const at = column - shift;
          return at === 2 || at === 3 ? fmt.pct(cell) : at === 5 ? span(cell) : fmt.int(cell);
        }}
        onItem={
          open === null
            ? undefined
            : (item) => {
                const p = picked(item, groups.length);
                const g = p && groups[p.group];
                const s = p && g?.steps[p.step - 1];
                if (!p || !g || !s || (p.who === "dropped" ? s.dropped : s.people) === 0) return;
                open({ step: p.step, who: p.who, ...(g.group && { group: g.group }) }, who(p.step, p.who, g.group && g.name));
              }
        }
      />
    </div>
  );
}
