import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { Overview, StockPoint } from "../../api/types";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { bandLine, bandPath, inflow, spread, wing, type Band } from "./dragonfly";
import type { links } from "./links";
import "./dragonfly.css";

interface Props {
  data: Overview;
  stock: StockPoint | undefined;
  to: ReturnType<typeof links>;
}

// two drawings of the same creature: lying for wide screens, upright for phones; u runs with the flow, v across it
const lying = { u: 1000, v: 340, tip: 150, neck: 418, tipRoom: 268, bodyRoom: 104 };
const upright = { u: 640, v: 360, tip: 52, neck: 226, tipRoom: 340, bodyRoom: 120 };

/** The pool as a dragonfly: inflow narrows into the body on one wing, buying and buying again widen on the other. */
export function Dragonfly({ data, stock, to }: Props) {
  const t = useT("overview");
  const fmt = useFmt();
  const box = useRef<HTMLDivElement>(null);
  const [flat, setFlat] = useState(true);
  useEffect(() => {
    const el = box.current;
    if (el === null) return;
    const watch = new ResizeObserver(([e]) => e && setFlat(e.contentRect.width >= 680));
    watch.observe(el);
    return () => watch.disconnect();
  }, []);

  const d = flat ? lying : upright;
  const { kpis } = data;
  const left = wing(inflow(data), { across: d.v, tipRoom: d.tipRoom, bodyRoom: d.bodyRoom, gap: flat ? 14 : 10, least: flat ? 9 : 26 });
  const buyers = kpis.buyers.value;
  const again = buyers * kpis.repurchase_rate.value;
  const right = buyers === 0 ? [] : wing(
    [{ key: "buyers", value: buyers }, { key: "repeat", value: again }],
    { across: d.v, tipRoom: flat ? 236 : 300, bodyRoom: d.bodyRoom, gap: flat ? 28 : 20, least: flat ? 14 : 40 },
  );
  const people = stock?.people ?? kpis.people.value;
  const active = stock?.active ?? kpis.active.value;

  const middles = (bands: Band[]) => bands.map((b) => (b.tip[0] + b.tip[1]) / 2);
  const leftAt = spread(middles(left), flat ? 46 : 66, flat ? 20 : 32, d.v - (flat ? 26 : 32));
  const rightAt = middles(right);

  const label = (b: Band, v: number, side: "in" | "out", name: string, value: string, href: string | undefined, more?: string) => {
    const u = side === "in" ? d.tip - 14 : d.u - d.tip + 14;
    const x = flat ? u : v;
    const y = flat ? v : side === "in" ? 20 : d.u - 36;
    const anchor = !flat ? "middle" : side === "in" ? "end" : "start";
    const text = (
      <text x={x} y={y - 3} textAnchor={anchor} className="df-label">
        <tspan>{name}</tspan>
        <tspan x={x} dy={19} className="df-figure">
          {value}
        </tspan>
        {more && (
          <tspan x={x} dy={17} className="df-more">
            {more}
          </tspan>
        )}
      </text>
    );
    return <Maybe key={b.key} href={href} label={`${name} ${value}`}>{text}</Maybe>;
  };

  return (
    <div ref={box} className="dragonfly">
      <svg viewBox={flat ? `0 0 ${d.u} ${d.v}` : `0 0 ${d.v} ${d.u}`} role="group" aria-label={t("dragonfly.aria")}>
        <g className="df-in">
          {left.map((b) => (
            <g key={b.key} className={`df-band df-${b.key}`}>
              <path d={bandPath(b, d.tip, d.neck, flat)} />
              <path className="df-flow" d={bandLine(b, d.tip, d.neck, flat)} />
            </g>
          ))}
        </g>
        <g className="df-out">
          {right.map((b) => (
            <g key={b.key} className={`df-band df-${b.key}`}>
              <path d={bandPath(b, d.u - d.tip, d.u - d.neck, flat)} />
              <path className="df-flow df-flow-out" d={bandLine(b, d.u - d.tip, d.u - d.neck, flat)} />
            </g>
          ))}
        </g>
        <Body cx={flat ? d.u / 2 : d.v / 2} cy={flat ? d.v / 2 - 16 : d.u / 2} level={people === 0 ? 0 : active / people} tail={flat}>
          <Maybe href={to.people} label={t("kpi.people")}>
            <text textAnchor="middle" y={-16}>
              <tspan className="df-people">{fmt.int(people)}</tspan>
              <tspan x={0} dy={20} className="df-more">
                {t("dragonfly.in_pool")}
              </tspan>
            </text>
          </Maybe>
          <Maybe href={to.activeStock} label={t("stock.active")}>
            <text textAnchor="middle" y={38} className="df-more df-strong">
              {t("dragonfly.active", { n: fmt.int(active) })}
            </text>
          </Maybe>
          <Maybe href={to.silentStock} label={t("stock.silent")}>
            <text textAnchor="middle" y={58} className="df-more">
              {t("dragonfly.silent", { n: fmt.int(people - active) })}
            </text>
          </Maybe>
        </Body>
        {left.map((b, i) => label(b, leftAt[i] ?? 0, "in", t(`class.${b.key}`), fmt.int(b.value), to.class(b.key)))}
        {right[0] && label(right[0], rightAt[0] ?? 0, "out", t("dragonfly.buyers"), fmt.int(buyers), to.buyers, flat ? `${t("dragonfly.orders", { n: fmt.int(kpis.orders.value) })} ${fmt.moneyCompact(kpis.revenue.value)}` : fmt.moneyCompact(kpis.revenue.value))}
        {right[1] && label(right[1], rightAt[1] ?? 0, "out", t("dragonfly.repeat"), fmt.pct(kpis.repurchase_rate.value), to.repeat)}
      </svg>
    </div>
  );
}

function Maybe({ href, label, children }: { href: string | undefined; label: string; children: ReactNode }) {
  return href === undefined ? (
    children
  ) : (
    <Link to={href} className="df-link" aria-label={label}>
      {children}
    </Link>
  );
}

/** Head, body and tail; the water in the body stands as high as the active part of the pool. */
function Body({ cx, cy, level, tail, children }: { cx: number; cy: number; level: number; tail: boolean; children: ReactNode }) {
  const rx = 100;
  const ry = 106;
  const top = ry - 2 * ry * level;
  return (
    <g transform={`translate(${cx} ${cy})`} className="df-body">
      <clipPath id="df-vessel">
        <ellipse rx={rx - 5} ry={ry - 5} />
      </clipPath>
      {tail && (
        <>
          <ellipse cy={-ry - 11} rx={17} ry={13} className="df-shell" />
          <ellipse cx={-11} cy={-ry - 19} rx={10} ry={9} className="df-eye" />
          <ellipse cx={11} cy={-ry - 19} rx={10} ry={9} className="df-eye" />
          {[0, 1, 2, 3].map((i) => (
            <ellipse key={i} cy={ry + 9 + i * 16} rx={12 - i * 2.4} ry={9} className="df-shell" />
          ))}
        </>
      )}
      <ellipse rx={rx} ry={ry} className="df-shell" />
      <g clipPath="url(#df-vessel)">
        <path className="df-water" d={`M-240 ${top}q20-7 40 0t40 0 40 0 40 0 40 0 40 0 40 0 40 0 40 0 40 0 40 0V${ry}H-240Z`} />
      </g>
      {children}
    </g>
  );
}
