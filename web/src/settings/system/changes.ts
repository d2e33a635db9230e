import type { Change, Settings } from "../../api/types";

export const fields = ["name", "time_zone", "currency", "region", "active_days", "quarantine_after", "reject_retention_days"] as const;
export type Field = (typeof fields)[number];

/** What differs between two versions of the settings. */
export function changes(from: Settings, to: Settings): Change[] {
  return fields.filter((f) => from[f] !== to[f]).map((f) => ({ path: f, from: from[f], to: to[f] }));
}

/** "/active_days", "active_days" and "$.active_days" all name one field. */
export const fieldOf = (path: string): Field | undefined => fields.find((f) => f === path.replace(/^\$?[./]?/, ""));
