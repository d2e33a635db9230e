import type { ChannelClass, Overview } from "../../api/types";

export const classes: ChannelClass[] = ["owned", "partner", "external", "offline", "unknown"];

/** One flow of a wing: a band between the wing's tip and the body, in drawing units. */
export interface Band {
  key: string;
  value: number;
  /** Across the flow: top and bottom at the tip, top and bottom at the body. */
  tip: [number, number];
  body: [number, number];
}

export interface Shape {
  /** Extent across the flow, and how much of it is free for bands at the tip and at the body. */
  across: number;
  tipRoom: number;
  bodyRoom: number;
  gap: number;
  /** The thinnest band that can still be seen and hit. */
  least: number;
}

/** Lays the flows of one wing side by side: widths in proportion to their values, narrow at the body, wide at the tip. */
export function wing(flows: { key: string; value: number }[], s: Shape): Band[] {
  const total = flows.reduce((sum, f) => sum + f.value, 0);
  if (flows.length === 0) return [];
  const free = s.tipRoom - s.gap * (flows.length - 1) - s.least * flows.length;
  const width = (v: number) => s.least + (total === 0 ? 0 : (v / total) * free);
  const narrow = s.bodyRoom / (flows.length * s.least + free);
  let tip = (s.across - s.tipRoom) / 2;
  let body = (s.across - s.bodyRoom) / 2;
  return flows.map(({ key, value }) => {
    const w = width(value);
    const band: Band = { key, value, tip: [tip, tip + w], body: [body, body + w * narrow] };
    tip += w + s.gap;
    body += w * narrow;
    return band;
  });
}

/** The outline of a band from the tip at u0 to the body at u1; flat turns the picture upright for narrow screens. */
export function bandPath(b: Band, u0: number, u1: number, flat: boolean): string {
  const at = (u: number, v: number) => (flat ? `${u.toFixed(1)} ${v.toFixed(1)}` : `${v.toFixed(1)} ${u.toFixed(1)}`);
  const m = (u0 + u1) / 2;
  return (
    `M${at(u0, b.tip[0])}C${at(m, b.tip[0])} ${at(m, b.body[0])} ${at(u1, b.body[0])}` +
    `L${at(u1, b.body[1])}C${at(m, b.body[1])} ${at(m, b.tip[1])} ${at(u0, b.tip[1])}Z`
  );
}

/** The line along a band's middle, on which movement is shown. */
export function bandLine(b: Band, u0: number, u1: number, flat: boolean): string {
  const at = (u: number, v: number) => (flat ? `${u.toFixed(1)} ${v.toFixed(1)}` : `${v.toFixed(1)} ${u.toFixed(1)}`);
  const m = (u0 + u1) / 2;
  const tip = (b.tip[0] + b.tip[1]) / 2;
  const body = (b.body[0] + b.body[1]) / 2;
  return `M${at(u0, tip)}C${at(m, tip)} ${at(m, body)} ${at(u1, body)}`;
}

/** New people by class of their first channel; classes without anyone are left out. */
export function inflow(o: Overview): { key: ChannelClass; value: number }[] {
  return classes
    .map((key) => ({ key, value: o.channels.filter((c) => (c.class === "rest" ? "unknown" : c.class) === key).reduce((n, c) => n + c.people, 0) }))
    .filter((f) => f.value > 0);
}

/** Moves labels apart until each has its room, keeping their order and staying near what they name. */
export function spread(at: number[], room: number, from: number, to: number): number[] {
  const out = [...at];
  for (let i = 0; i < out.length; i++) out[i] = Math.max(out[i] ?? 0, i === 0 ? from : (out[i - 1] ?? 0) + room);
  for (let i = out.length - 1; i >= 0; i--) out[i] = Math.min(out[i] ?? 0, i === out.length - 1 ? to : (out[i + 1] ?? 0) - room);
  return out;
}
