import type { Person } from "../../api/types";
import { useT } from "../../app/i18n";
import { calledOf } from "../people/name";
import { useKindTitle } from "../kind/kinds";
import { bestIdentity } from "./split";

/** What a person is called: by name, phone or e-mail, else by their best identity, else by number. */
export function usePersonName(person: Pick<Person, "id" | "name" | "phone" | "email" | "identities" | "identified">): string {
  const t = useT("people");
  const kind = useKindTitle();
  const called = calledOf(person);
  if (called !== "") return called;
  const best = person.identified ? bestIdentity(person.identities) : undefined;
  return best === undefined ? t("nameless", { id: person.id }) : `${kind(best.kind)} ${best.value}`;
}
