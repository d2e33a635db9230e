import { useState } from "react";
import type { Identity, Person } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { useNavigate } from "@tanstack/react-router";
import { IdentityRow } from "./IdentityRow";
import { QuarantineDialog } from "./QuarantineDialog";
import { Story } from "./Story";
import { UnmergeDialog } from "./UnmergeDialog";

/** What a person is recognised by, and the story of how it came together. */
export function IdentitiesTab({ person }: { person: Person }) {
  const t = useT("person");
  const mayOperate = useMay("operator");
  const navigate = useNavigate();
  const [splitting, setSplitting] = useState<Identity>();
  const [quarantining, setQuarantining] = useState<Identity>();
  return (
    <div className="stack">
      <section>
        <p className="muted lead">{t("identity.lead")}</p>
        <ul className="identities">
          {person.identities.map((i) => (
            <IdentityRow
              key={i.id}
              identity={i}
              onSplit={mayOperate && person.identities.length > 1 ? () => setSplitting(i) : undefined}
              onQuarantine={mayOperate ? () => setQuarantining(i) : undefined}
            />
          ))}
        </ul>
      </section>
      <section>
        <h3 className="section-title">{t("story.title")}</h3>
        <p className="muted lead">{t("story.lead")}</p>
        <Story story={person.story} />
      </section>
      {splitting && (
        <UnmergeDialog
          person={person}
          first={splitting.id}
          onClose={() => setSplitting(undefined)}
          onDone={(id) => void navigate({ to: "/pool/people/$id", params: { id: String(id) }, search: { tab: "identities" } })}
        />
      )}
      {quarantining && <QuarantineDialog identity={quarantining} person={person.id} onClose={() => setQuarantining(undefined)} />}
    </div>
  );
}
