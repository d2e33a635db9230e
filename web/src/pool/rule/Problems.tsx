import { Button } from "antd";
import type { Problem } from "../../api/rules";
import { useT } from "../../app/i18n";
import { mended } from "./span";
import { useProblemWords } from "./two";

/** What is wrong with a text and where; what the server would write instead is one click away. */
export function Problems({ text, problems, onMend }: { text: string; problems: Problem[]; onMend?: (text: string) => void }) {
  const t = useT("rule");
  const words = useProblemWords();
  if (problems.length === 0) return null;
  return (
    <ul className="rule-problems" role="alert">
      {problems.map((p, i) => (
        <li key={`${p.offset}-${p.code}-${i}`}>
          <span className="rule-problem-at">{t("problem.at", { line: p.line, column: p.column })}</span>
          <span>{words(p)}</span>
          {onMend && p.suggestions !== undefined && p.suggestions.length > 0 && (
            <span className="row">
              {t("problem.mean")}
              {p.suggestions.map((s) => (
                <Button key={s} size="small" onClick={() => onMend(mended(text, p, s))}>
                  {s}
                </Button>
              ))}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
