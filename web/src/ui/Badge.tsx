import type { ReactNode } from "react";

/** A state in one word: quiet unless it matters. */
export function Badge({ tone = "quiet", children }: { tone?: "quiet" | "good" | "lake" | "act" | "bad"; children: ReactNode }) {
  return <span className={`badge ${tone}`}>{children}</span>;
}
