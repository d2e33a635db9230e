import { SettingOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { PageHead } from "../../ui/PageHead";
import { Rich } from "../../ui/Rich";
import { CopyQuery } from "../query/CopyQuery";
import { CsvButton } from "../query/CsvButton";
import { useQuestion } from "../query/useQuestion";
import { useQueryState } from "../query/useQueryState";
import { DefinitionDrawer } from "./DefinitionDrawer";
import { Asked } from "./frame";
import { health, type HealthAnswer, type HealthQuery } from "./health";
import { HealthView } from "./HealthView";

const start: HealthQuery = { last: 90 };

export const readSpan = (raw: Record<string, unknown>): HealthQuery => ({
  from: typeof raw.from === "string" ? raw.from : undefined,
  to: typeof raw.to === "string" ? raw.to : undefined,
  last: typeof raw.last === "number" ? raw.last : raw.from === undefined ? 90 : undefined,
  people: typeof raw.people === "string" ? raw.people : undefined,
});

/** The score, its parts and its history. */
export function ScoreTab() {
  const t = useT("health");
  const operator = useMay("operator");
  const { query, set } = useQueryState("health", start, readSpan);
  const asking = useQuestion(health, query);
  const [editing, setEditing] = useState(false);
  const answer = asking.result?.answer;
  return (
    <>
      <PageHead
        title={t("nav")}
        answer={answer && !asking.stale && <Said answer={answer} />}
        actions={
          <>
            <CsvButton question={health} query={query} />
            <CopyQuery kind="health" query={query} />
            {operator && (
              <Button icon={<SettingOutlined aria-hidden />} onClick={() => setEditing(true)}>
                {t("define.open")}
              </Button>
            )}
          </>
        }
      />
      <Asked question={health} query={query} set={set} asking={asking} empty={(r) => r.answer.history.every((d) => d.score === null)}>
        {(result) => <HealthView query={query} result={result} />}
      </Asked>
      {editing && <DefinitionDrawer onClose={() => setEditing(false)} onSaved={asking.again} />}
    </>
  );
}

/** The sentence first: the score, how it moved, and what holds it down. */
function Said({ answer }: { answer: HealthAnswer }) {
  const t = useT("health");
  const { score, before, parts } = answer;
  if (score === null) return <>{t("said.nothing")}</>;
  const cost = (p: (typeof parts)[number]) => p.share * (100 - (p.points ?? 100));
  const worst = [...parts].sort((a, b) => cost(b) - cost(a))[0];
  const by = before === null ? 0 : Math.round(score) - Math.round(before);
  return (
    <Rich
      text={[
        t("said.score", { score: Math.round(score), level: t(`level.${answer.level}`) }),
        ...(before === null ? [] : [t(by > 0 ? "said.up" : by < 0 ? "said.down" : "said.even", { n: Math.abs(by) })]),
        ...(worst && cost(worst) >= 3 ? [t("said.worst", { part: t(`part.${worst.part}.name`), n: Math.round(cost(worst)) })] : []),
      ].join(t("said.join"))}
    />
  );
}

