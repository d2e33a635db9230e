import { Tooltip } from "antd";
import type { ReactNode } from "react";

export type Tone = "quiet" | "teal" | "lake" | "act" | "bad";

/** A short state in the palette's own colours; what it means on hover and focus. */
export function Pill({ tone = "quiet", help, children }: { tone?: Tone; help?: string; children: ReactNode }) {
  const pill = (
    <span className={`pill ${tone}`} tabIndex={help ? 0 : undefined}>
      {children}
    </span>
  );
  return help ? <Tooltip title={help}>{pill}</Tooltip> : pill;
}
