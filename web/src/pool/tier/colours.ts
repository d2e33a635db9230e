import type { Palette } from "../../app/theme";

const channels = (hex: string): number[] => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16));

function mix(a: string, b: string, part: number): string {
  const [x, y] = [channels(a), channels(b)];
  return `#${x.map((v, i) => Math.round(v * (1 - part) + (y[i] ?? 0) * part).toString(16).padStart(2, "0")).join("")}`;
}

/** A colour for each level, from best to last: its own if it has one, else ever shallower water. */
export function levelColours(levels: { color: string }[], p: Palette): string[] {
  const deep = p.series[0] ?? p.teal;
  const shallow = mix(p.series[3] ?? p.ink3, p.card, 0.45);
  return levels.map((l, i) => (/^#[0-9a-f]{6}$/i.test(l.color) ? l.color : mix(deep, shallow, levels.length < 2 ? 0 : i / (levels.length - 1))));
}
