/** The course of a figure in a word's space. */
export function Spark({ values, label }: { values: number[]; label: string }) {
  if (values.length < 2) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [w, h] = [96, 24];
  const y = (v: number) => (high === low ? h / 2 : h - 2 - ((v - low) / (high - low)) * (h - 4));
  const points = values.map((v, i) => `${((i / (values.length - 1)) * (w - 4) + 2).toFixed(1)},${y(v).toFixed(1)}`);
  const [lastX = "", lastY = ""] = (points.at(-1) ?? "").split(",");
  return (
    <svg className="spark" width={w} height={h} viewBox={`0 0 ${w} ${h}`} role="img" aria-label={label}>
      <polyline points={points.join(" ")} fill="none" stroke="var(--series-1)" strokeWidth="1.5" strokeLinejoin="round" />
      <circle cx={lastX} cy={lastY} r="2" fill="var(--series-1)" />
    </svg>
  );
}
