import type { ReactNode } from "react";
import type { Rule } from "../../api/rules";
import { useT } from "../../app/i18n";
import { CopyButton } from "../../ui/CopyText";
import { Card } from "../../ui/PageHead";
import { Problems } from "../rule/Problems";
import { useTwo } from "../rule/two";
import "../rule/rule.css";
import "./definition.css";

/** A rule to read: its sentence, its text, and what has become wrong with it since it was saved. */
export function RuleCard({ title, rule, note, actions }: { title: string; rule: Rule; note?: ReactNode; actions?: ReactNode }) {
  return (
    <Card title={title} note={note} actions={actions}>
      <RuleSaid rule={rule} />
    </Card>
  );
}

export function RuleSaid({ rule }: { rule: Rule }) {
  const t = useT("definition");
  const two = useTwo();
  return (
    <>
      <p className="rule-card-sentence">{two(rule.sentence) || rule.text}</p>
      {rule.problems.length > 0 && <Problems text={rule.text} problems={rule.problems} />}
      <details className="rule-card-text">
        <summary>{t("rule.text")}</summary>
        <pre>{rule.text}</pre>
        <CopyButton text={rule.text} />
      </details>
    </>
  );
}
