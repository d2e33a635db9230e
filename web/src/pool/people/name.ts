import type { PersonRow } from "../../api/types";

/** What to call a person who may have given no name: name, phone, e-mail; "" if none is known. */
export const calledOf = (p: Pick<PersonRow, "name" | "phone" | "email">): string => p.name || p.phone || p.email;

/** One or two letters for an avatar: 林知夏 → 知夏, Ada Lovelace → AL. Empty for numbers and the nameless. */
export function initials(name: string): string {
  const trimmed = name.trim();
  if (/^\p{Script=Han}+$/u.test(trimmed)) return [...trimmed].slice(-2).join("");
  const words = trimmed.split(/[\s._-]+/).filter((w) => /^\p{L}/u.test(w));
  return words
    .slice(0, 2)
    .map((w) => [...w][0]?.toUpperCase())
    .join("");
}

/** A calm hue that stays with the person: one of six, by number. */
export const hueOf = (id: number): number => (Math.abs(id) % 6) + 1;
