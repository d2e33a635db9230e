import type { Person } from "../../api/types";
import { useT } from "../../app/i18n";
import { ConflictCard } from "../conflict/ConflictCard";

/** Where this person might have been mistaken for another; what waits for a decision comes first. */
export function ConflictsTab({ person }: { person: Person }) {
  const t = useT("person");
  if (person.conflicts.length === 0) return <p className="muted lead">{t("conflict.none")}</p>;
  const sorted = [...person.conflicts].sort((a, b) => Number(b.state === "open") - Number(a.state === "open") || (a.at < b.at ? 1 : -1));
  return (
    <div className="stack-s">
      {sorted.map((c) => (
        <ConflictCard key={c.id} conflict={c} here={person.id} />
      ))}
    </div>
  );
}
