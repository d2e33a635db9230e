import type { Identity, IdentityKind, Person } from "../../api/types";
import { traitText } from "./columns";

export const mergeLimit = 10;

export interface Differs {
  trait: string;
  kept: string;
  others: string[];
}

/** What several people would be as one. */
export interface MergePreview {
  id: number;
  name: string;
  identities: Identity[];
  events: number;
  orders: number;
  revenue: number;
  firstSeen: string;
  lastSeen: string;
  differs: Differs[];
  /** Kinds of which a person has only one, yet these people have several. */
  guarded: { kind: string; values: string[] }[];
}

/** Foretells a merge by the rules of the pool: the smallest number stays, of differing traits the one set last wins. */
export function previewMerge(people: Person[], kinds: IdentityKind[]): MergePreview | undefined {
  const first = [...people].sort((a, b) => a.id - b.id)[0];
  if (first === undefined) return undefined;
  const identities = people.flatMap((p) => p.identities);
  const differs = differing(people);
  return {
    id: first.id,
    name: differs.find((d) => d.trait === "name")?.kept ?? people.find((p) => p.name !== "")?.name ?? "",
    identities,
    events: sum(people, (p) => p.events),
    orders: sum(people, (p) => p.orders),
    revenue: sum(people, (p) => p.revenue),
    firstSeen: people.map((p) => p.first_seen).sort()[0] ?? "",
    lastSeen: people.map((p) => p.last_seen).sort().at(-1) ?? "",
    differs,
    guarded: kinds
      .filter((k) => k.unique)
      .flatMap((k) => {
        const mine = identities.filter((i) => i.kind === k.kind);
        // unique within a scope: openids of two apps go together
        const clash = [...new Set(mine.map((i) => i.scope))].filter((s) => new Set(mine.filter((i) => i.scope === s).map((i) => i.value)).size > 1);
        return clash.length === 0 ? [] : [{ kind: k.kind, values: [...new Set(mine.filter((i) => clash.includes(i.scope)).map((i) => i.value))] }];
      }),
  };
}

const sum = (people: Person[], of: (p: Person) => number): number => people.reduce((n, p) => n + of(p), 0);

function differing(people: Person[]): Differs[] {
  const traits = new Set(people.flatMap((p) => Object.keys(p.traits)));
  const out: Differs[] = [];
  for (const trait of [...traits].sort()) {
    const values = people
      .filter((p) => trait in p.traits)
      .map((p) => ({ text: traitText(p.traits[trait]), at: p.traits_at[trait] ?? "" }))
      .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
    const kept = values[0]?.text ?? "";
    const others = [...new Set(values.map((v) => v.text))].filter((v) => v !== kept);
    if (others.length > 0) out.push({ trait, kept, others });
  }
  return out;
}
