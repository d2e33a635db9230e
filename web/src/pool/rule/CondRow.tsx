import { FilterOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import { useT } from "../../app/i18n";
import { CondFields } from "./CondFields";
import { change } from "./edit";
import type { Cond, Group } from "./form";
import { NestedForm } from "./NestedForm";
import { PartMenu } from "./PartMenu";
import { useScope } from "./scope";
import { blank, saysNot, subjectGroups, subjectOf, type Subject } from "./subjects";
import { mayFilter, withFilter } from "./ValueFields";

/** One condition: its subject, its fields, and below them the filter of its events. */
export function CondRow({ cond, open }: { cond: Cond; open: boolean }) {
  const t = useT("rule");
  const { root, set, event, disabled } = useScope();
  const put = (next: Cond) => set(change(root, cond.id, () => next));
  const { leaf } = cond;
  const left = "left" in leaf ? leaf.left : undefined;
  const where: Group | undefined = left && "where" in left ? left.where : undefined;
  const subject = subjectOf(leaf);
  const setLeft = (next: NonNullable<typeof left>) => "left" in leaf && put({ ...cond, leaf: { ...leaf, left: next } });
  return (
    <div className={`rule-cond ${open ? "gap" : ""}`}>
      <div className="rule-line">
        {event === undefined && subject !== "everyone" && <SubjectPick value={subject} onChange={(s) => put({ ...cond, not: false, leaf: blank(s) })} />}
        {cond.not && !saysNot(cond) && (
          <button type="button" className="rule-not" title={t("not.off")} disabled={disabled} onClick={() => put({ ...cond, not: false })}>
            {t("not.chip")}
          </button>
        )}
        <CondFields cond={cond} onChange={put} />
        {left && mayFilter(left) && where === undefined && (
          <Button type="text" size="small" icon={<FilterOutlined aria-hidden />} disabled={disabled} onClick={() => setLeft(withFilter(left))}>
            {t("where.add")}
          </Button>
        )}
        <PartMenu item={cond} />
      </div>
      {left && where !== undefined && (
        <div className="rule-where">
          <span className="rule-where-word">{t("where.title")}</span>
          <NestedForm
            key={where.id}
            event={"event" in left ? left.event : ""}
            value={where}
            onChange={(next) => setLeft({ ...left, where: next } as typeof left)}
            onRemove={() => {
              const { where: _, ...rest } = left as { where?: Group };
              setLeft(rest as typeof left);
            }}
          />
        </div>
      )}
      {open && <p className="rule-open">{t("gap")}</p>}
    </div>
  );
}

function SubjectPick({ value, onChange }: { value: Subject; onChange: (s: Subject) => void }) {
  const t = useT("rule");
  return (
    <Select<Subject>
      className="rule-subject"
      variant="filled"
      aria-label={t("pick.subject")}
      value={value}
      onChange={onChange}
      popupMatchSelectWidth={false}
      options={subjectGroups.map(([group, of]) => ({ label: t(`group.${group}`), options: of.map((s) => ({ value: s, label: t(`subject.${s}`) })) }))}
    />
  );
}
