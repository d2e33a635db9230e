import type { Identity, Person } from "../../api/types";

/** What an unmerge would leave: who keeps which identities. */
export interface Split {
  stays: Identity[];
  leaves: Identity[];
  /** Who keeps the person's number: the side of the oldest identity, for a person's number is their oldest identity's. */
  keeper: "stays" | "leaves";
  /** Why it cannot be done: nothing chosen, or nothing left. */
  fault?: "nothing" | "everything";
}

export function split(person: Pick<Person, "identities">, chosen: ReadonlySet<number>): Split {
  const leaves = person.identities.filter((i) => chosen.has(i.id));
  const stays = person.identities.filter((i) => !chosen.has(i.id));
  const oldest = Math.min(...person.identities.map((i) => i.id));
  return { stays, leaves, keeper: chosen.has(oldest) ? "leaves" : "stays", fault: leaves.length === 0 ? "nothing" : stays.length === 0 ? "everything" : undefined };
}

/** What a person is called where they gave no name: their best identity. The strong come first, then the most used. */
export function bestIdentity(identities: Identity[]): Identity | undefined {
  const weight = (i: Identity) => (i.strength === "strong" ? 2 : 0) + (i.state === "active" ? 1 : 0);
  return [...identities].sort((a, b) => weight(b) - weight(a) || b.events - a.events)[0];
}
