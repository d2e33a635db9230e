import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { useDark } from "../../app/prefs";
import { palette } from "../../app/theme";
import { Figure } from "../../ui/Figure";
import { useFmt } from "../../ui/format";
import { useOpenPeople } from "../query/NumberLink";
import { usualSteps, type PathAnswer, type PathOf, type PathQuery } from "./path";
import { ofLink, ofNode } from "./query";
import { picked, sankeyOption } from "./sankey";
import { useNodeName, useWho } from "./words";

const escape = (s: string) => s.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** The streams themselves. A click on a node or a stream opens the people in it. */
export function SankeyChart({ query, answer }: { query: PathQuery; answer: PathAnswer }) {
  const t = useT("path");
  const fmt = useFmt();
  const isDark = useDark();
  const name = useNodeName(query);
  const who = useWho(query);
  const open = useOpenPeople<PathOf>();
  const before = query.direction === "before";
  const { nodes, links } = answer;
  const option = useMemo(() => {
    const unit = t(query.which === "every" ? "col.paths" : "col.people");
    const row = (label: string, value: string) => `<tr><td style="padding:1px 24px 1px 0">${escape(label)}</td><td style="text-align:right;font-variant-numeric:tabular-nums">${escape(value)}</td></tr>`;
    const tip = (head: string, rows: string[]) => `<div style="margin-bottom:4px;font-weight:600">${escape(head)}</div><table style="border-spacing:0">${rows.join("")}</table>`;
    return sankeyOption(
      {
        answer,
        steps: query.steps ?? usualSteps,
        before,
        name,
        int: fmt.int,
        tipNode: (n) => tip(n.step === 0 ? name(n) : `${t("step", { n: n.step })} · ${name(n)}`, [row(unit, fmt.int(n.paths)), row(t("col.of_all"), fmt.pct(n.share))]),
        tipLink: (from, to, paths, share) => tip(before ? `${name(to)} → ${name(from)}` : `${name(from)} → ${name(to)}`, [row(unit, fmt.int(paths)), row(t("col.of_node", { event: name(from) }), fmt.pct(share))]),
      },
      palette(isDark),
    );
  }, [answer, query, before, name, fmt, t, isDark]);
  const widest = Math.max(1, ...Array.from({ length: (query.steps ?? usualSteps) + 1 }, (_, s) => nodes.filter((n) => n.step === s).length));
  return (
    <div className="card">
      <Figure
        title={t(before ? "chart.title_before" : "chart.title_after")}
        note={t("chart.note")}
        file="path"
        height={Math.min(760, Math.max(360, widest * 44))}
        option={option}
        head={[t("col.step"), t("col.from"), t("col.to"), t(query.which === "every" ? "col.paths" : "col.people"), t("col.share")]}
        rows={links.flatMap((l) => {
          const [from, to] = [nodes[l.from], nodes[l.to]];
          return from && to ? [[to.step, name(from), name(to), l.paths, l.share]] : [];
        })}
        shown={(cell, column) => (typeof cell !== "number" ? String(cell ?? "—") : column === 4 ? fmt.pct(cell) : fmt.int(cell))}
        onItem={
          open === null
            ? undefined
            : (item) => {
                const at = picked(item);
                const node = at?.node === undefined ? undefined : nodes[at.node];
                if (node) return open(ofNode(node), who.node(node));
                const [from, to] = [nodes[at?.from ?? -1], nodes[at?.to ?? -1]];
                if (from && to) open(ofLink(from, to), who.link(from, to));
              }
        }
      />
    </div>
  );
}
