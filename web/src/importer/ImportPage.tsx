import { useNavigate } from "@tanstack/react-router";
import { useT } from "../app/i18n";
import { useMay } from "../app/session";
import { PageHead } from "../ui/PageHead";
import { draftOf, useDraft } from "./draft";
import { DropFile } from "./DropFile";
import { History } from "./History";
import { PlanEditor } from "./PlanEditor";
import "./importer.css";

/** Brings a file into the pool: drop it, say what its columns are, see what comes of it, start. */
export function ImportPage() {
  const t = useT("importer");
  const navigate = useNavigate();
  const mayOperate = useMay("operator");
  const [draft, keep] = useDraft();
  return (
    <>
      <PageHead title={t("title")} answer={draft === undefined ? t("answer") : t("answer_plan")} />
      {draft !== undefined && mayOperate ? (
        <PlanEditor
          draft={draft}
          onChange={keep}
          onDiscard={() => keep(undefined)}
          onStarted={(id) => {
            keep(undefined);
            void navigate({ to: "/settings/import/$id", params: { id: String(id) } });
          }}
        />
      ) : (
        <div className="stack">
          {mayOperate && <DropFile onFile={(file) => keep(draftOf(file))} />}
          <History />
        </div>
      )}
    </>
  );
}
