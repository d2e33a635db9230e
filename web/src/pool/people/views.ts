import type { PeopleSearch } from "./filter";

/** A list one comes back to: conditions, order and columns under a name. */
export interface View {
  name: string;
  search: PeopleSearch;
  columns: string[];
}

/** Puts a view in its place: a name is there once. */
export const keepView = (views: View[], view: View): View[] =>
  [...views.filter((v) => v.name !== view.name), view].sort((a, b) => a.name.localeCompare(b.name));

export const sameSearch = (a: PeopleSearch, b: PeopleSearch): boolean =>
  (a.q ?? "") === (b.q ?? "") && (a.sort ?? "") === (b.sort ?? "") && [...(a.f ?? [])].sort().join("\n") === [...(b.f ?? [])].sort().join("\n");

/** Reads what the browser kept; anything unreadable is no view. */
export function readViews(text: string | null): View[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    if (!Array.isArray(kept)) return [];
    return kept.filter((v): v is View => typeof v?.name === "string" && typeof v.search === "object" && v.search !== null && Array.isArray(v.columns));
  } catch {
    return [];
  }
}
