// Traits that name another person: who invited them, who serves them.
const names = ["invited_by", "inviter", "inviter_id", "referrer", "referrer_user_id", "referred_by", "guide", "staff", "staff_name", "served_by"];

export interface Relation {
  trait: string;
  value: string;
}

/** The relations among a person's traits; their values are identities of others and can be searched. */
export function relationsOf(traits: Record<string, unknown>): Relation[] {
  return names.flatMap((trait) => {
    const v = traits[trait];
    return (typeof v === "string" && v.trim() !== "") || typeof v === "number" ? [{ trait, value: String(v) }] : [];
  });
}

/** The other traits, the ones people look for first at the top. */
export function plainTraits(traits: Record<string, unknown>): [string, unknown][] {
  const first = ["name", "phone", "email", "gender", "birthday", "city", "province", "member_no", "member_level"];
  const rank = (k: string) => (first.indexOf(k) + first.length + 1) % (first.length + 1);
  const related = new Set(relationsOf(traits).map((r) => r.trait));
  return Object.entries(traits)
    .filter(([k, v]) => !related.has(k) && v !== null && v !== undefined && v !== "")
    .sort(([a], [b]) => (rank(a) === rank(b) ? a.localeCompare(b) : rank(a) - rank(b)));
}
