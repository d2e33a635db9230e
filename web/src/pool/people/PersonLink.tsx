import { Link } from "@tanstack/react-router";
import type { PersonRow } from "../../api/types";
import { useT } from "../../app/i18n";
import { Avatar } from "./Avatar";
import { calledOf } from "./name";

/** A person in a list: mark, name, the way to their page. */
export function PersonLink({ person }: { person: Pick<PersonRow, "id" | "name" | "phone" | "email" | "identified"> }) {
  const t = useT("people");
  return (
    <span className="person-cell">
      <Avatar person={person} />
      <Link to="/pool/people/$id" params={{ id: String(person.id) }}>
        {calledOf(person) || t("nameless", { id: person.id })}
      </Link>
      {!person.identified && <span className="muted">{t("anonymous")}</span>}
    </span>
  );
}
