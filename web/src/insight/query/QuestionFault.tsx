import { Button } from "antd";
import type { ApiError } from "../../api/error";
import { useT } from "../../app/i18n";
import { ErrorState } from "../../ui/states";
import { at, pathOf } from "./mend";

export interface Mend {
  label: string;
  act: () => void;
}

/** Why a question has no answer, what is wrong with it part by part, and what can be done with a click. */
export function QuestionFault({ error, query, mends, retry }: { error: ApiError; query: object; mends: Mend[]; retry: () => void }) {
  const t = useT("query");
  // a question that is refused as it stands is refused again: only the rest is worth another try
  const again = error.status !== 422 && error.status !== 400 && mends.length === 0;
  return (
    <div className="question-fault">
      <ErrorState error={error} retry={again ? retry : undefined} />
      {error.violations.length > 0 && (
        <ul className="question-violations" aria-label={t("fault.details")}>
          {error.violations.map((v, i) => (
            <li key={i}>
              <Place location={v.location} /> {/_unknown$/.test(error.code) ? String(at(query, pathOf(v.location)) ?? v.message) : v.message}
            </li>
          ))}
        </ul>
      )}
      {mends.length > 0 && (
        <div className="row question-mends">
          {mends.map((m) => (
            <Button key={m.label} onClick={m.act}>
              {m.label}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Where in the question something is: "Step 2", or the name of the member. */
function Place({ location }: { location: string }) {
  const t = useT("query");
  const [head, index] = pathOf(location);
  if (head === undefined) return null;
  if (head === "steps" && typeof index === "number") return <b>{t("fault.step", { n: index + 1 })}</b>;
  return <code className="muted">{location.replace(/^body\.?/, "")}</code>;
}
