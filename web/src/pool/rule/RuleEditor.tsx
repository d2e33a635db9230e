import { useT } from "../../app/i18n";
import type { Draft } from "./draft";
import { RuleForm } from "./RuleForm";
import { RuleText } from "./RuleText";
import "./rule.css";

/** Both views of a rule, one below the other and always in step. */
export function RuleEditor({ draft, disabled = false }: { draft: Draft; disabled?: boolean }) {
  const t = useT("rule");
  return (
    <div className="rule-editor">
      <section aria-label={t("view.form")}>
        {draft.behind && draft.state === "wrong" && <p className="rule-behind muted">{t("view.behind")}</p>}
        <RuleForm value={draft.form} onChange={draft.setForm} disabled={disabled} />
      </section>
      <section className="rule-as-text" aria-label={t("view.text")}>
        <h3 className="side-title">
          {t("view.text")}
          <span className="muted">{t(`view.state.${draft.state}`)}</span>
        </h3>
        <RuleText value={draft.text} problems={draft.problems} onChange={draft.setText} disabled={disabled} />
      </section>
    </div>
  );
}
