import { Segmented } from "antd";
import { useState, type CSSProperties } from "react";
import type { Rfm } from "../../api/rules";
import { useT } from "../../app/i18n";
import { usePool } from "../../app/session";
import { CsvButton } from "../../ui/CsvButton";
import { minorDigits, useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { bounds, type Bound } from "./rfm";
import "./tier.css";

/** The grid of recency and frequency; the deeper the water, the more people or money. */
export function RfmGrid({ rfm, chosen, onPick }: { rfm: Rfm; chosen?: { r: number; f: number }; onPick: (cell: { r: number; f: number } | undefined) => void }) {
  const t = useT("tier");
  const fmt = useFmt();
  const { currency } = usePool();
  const [by, setBy] = useState<"people" | "monetary" | "mean_monetary">("people");
  const money = (major: number) => fmt.money(Math.round(major * 10 ** minorDigits(rfm.currency || currency)), rfm.currency || undefined);
  const most = Math.max(1e-9, ...rfm.grid.map((c) => c[by]));
  // recency: few days are good, so its bins count from the other end
  const recency = bounds(rfm.recency_days.cuts).reverse();
  const frequency = bounds(rfm.frequency.cuts);
  const rs = Array.from({ length: recency.length }, (_, i) => recency.length - i);
  const fs = Array.from({ length: frequency.length }, (_, i) => i + 1);
  const says = (b: Bound | undefined, unit: "days" | "orders") => (b === undefined ? "" : b.to !== undefined && b.to <= b.over ? "—" : b.to === undefined ? t(`range.${unit}.over`, { a: fmt.int(b.over) }) : b.over < 0 ? t(`range.${unit}.upto`, { b: fmt.int(b.to) }) : t(`range.${unit}.within`, { a: fmt.int(b.over), b: fmt.int(b.to) }));
  const at = (r: number, f: number) => rfm.grid.find((c) => c.r === r && c.f === f);
  return (
    <Card
      title={t("rfm.grid")}
      note={t("rfm.grid_note")}
      actions={
        <>
          <Segmented value={by} onChange={setBy} options={(["people", "monetary", "mean_monetary"] as const).map((v) => ({ value: v, label: t(`rfm.by.${v}`) }))} />
          <CsvButton
            file="rfm"
            head={["R", "F", t("rfm.recency"), t("rfm.frequency"), t("rfm.by.people"), t("rfm.by.monetary"), t("rfm.by.mean_monetary")]}
            rows={rfm.grid.map((c) => [c.r, c.f, says(recency[c.r - 1], "days"), says(frequency[c.f - 1], "orders"), c.people, c.monetary, c.mean_monetary])}
          />
        </>
      }
    >
      <div className="rfm-box" tabIndex={0}>
        <table className="rfm">
          <thead>
            <tr>
              <th scope="col">
                {t("rfm.recency")} ↓ / {t("rfm.frequency")} →
              </th>
              {fs.map((f) => (
                <th scope="col" key={f}>
                  F{f} · {says(frequency[f - 1], "orders")}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rs.map((r) => (
              <tr key={r}>
                <th scope="row">
                  R{r} · {says(recency[r - 1], "days")}
                </th>
                {fs.map((f) => {
                  const c = at(r, f);
                  const on = chosen?.r === r && chosen.f === f;
                  return (
                    <td key={f} style={{ "--depth": (c?.[by] ?? 0) / most } as CSSProperties}>
                      <button type="button" aria-pressed={on} disabled={!c || c.people === 0} onClick={() => onPick(on ? undefined : { r, f })}>
                        <b>{c ? (by === "people" ? fmt.int(c.people) : money(c[by])) : "0"}</b>
                        <small>{c && c.people > 0 ? (by === "people" ? t("rfm.mean", { money: money(c.mean_monetary) }) : t("rfm.people_n", { n: fmt.int(c.people) })) : "—"}</small>
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
