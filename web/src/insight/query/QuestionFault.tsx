import { Button } from "antd";
import type { ApiError } from "../../api/error";
import { useT } from "../../app/i18n";
import { ErrorState } from "../../ui/states";

export interface Mend {
  label: string;
  act: () => void;
}

/** Why a question has no answer, what is wrong with it part by part, and what can be done with a click. */
export function QuestionFault({ error, mends, retry }: { error: ApiError; mends: Mend[]; retry: () => void }) {
  const t = useT("query");
  // a question that is refused as it stands is refused again: only the rest is worth another try
  const again = error.status !== 422 && error.status !== 400;
  return (
    <div className="question-fault">
      <ErrorState error={error} retry={again ? retry : undefined} />
      {error.violations.length > 0 && (
        <ul className="question-violations" aria-label={t("fault.details")}>
          {error.violations.map((v, i) => (
            <li key={i}>
              {v.message} {v.location !== "" && <code className="muted">{v.location.replace(/^body\.?/, "")}</code>}
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
