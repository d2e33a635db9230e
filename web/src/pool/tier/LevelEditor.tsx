import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input, Select } from "antd";
import { useEffect, useState, type CSSProperties } from "react";
import type { TierAction } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useDark } from "../../app/prefs";
import { palette } from "../../app/theme";
import { ColourPick } from "../definition/ColourPick";
import { useCount } from "../rule/count";
import { useRuleDraft } from "../rule/draft";
import { RuleEditor } from "../rule/RuleEditor";
import { useVocabulary } from "../rule/schema";
import { useTwo } from "../rule/two";
import { useFmt } from "../../ui/format";
import { levelColours } from "./colours";
import { blankLevel, moved, type DraftLevel } from "./levels";
import "./tier.css";

/** The levels of a dimension, best first; each opens to its rule, strategy and actions. */
export function LevelEditor({ levels, onChange, owner }: { levels: DraftLevel[]; onChange: (by: (levels: DraftLevel[]) => DraftLevel[]) => void; owner?: string }) {
  const t = useT("tier");
  const two = useTwo();
  const [open, setOpen] = useState<number>();
  const colours = levelColours(levels, palette(useDark()));
  const set = (id: number, next: Partial<DraftLevel>) => onChange((was) => was.map((l) => (l.id === id ? { ...l, ...next } : l)));
  const add = () => {
    const made = blankLevel(levels.map((l) => l.key));
    // before the last, which is for everyone else
    onChange((was) => [...was.slice(0, -1), made, ...was.slice(-1)]);
    setOpen(made.id);
  };
  return (
    <div className="stack-s">
      <ol className="levels">
        {levels.map((l, i) => {
          const rest = i === levels.length - 1;
          return (
            <li key={l.id} className="level">
              <div className="level-head">
                <span className="level-nr" style={{ "--c": colours[i] } as CSSProperties}>
                  {i + 1}
                </span>
                <Input value={l.title} maxLength={40} placeholder={t("level_title")} aria-label={t("level_title")} status={l.title.trim() === "" ? "warning" : undefined} onChange={(e) => set(l.id, { title: e.target.value })} />
                <span className="grow" />
                <span className="level-tools">
                  <Button type="text" icon={<ArrowUpOutlined aria-hidden />} aria-label={t("rule:menu.up")} disabled={i === 0} onClick={() => onChange((was) => moved(was, i, -1))} />
                  <Button type="text" icon={<ArrowDownOutlined aria-hidden />} aria-label={t("rule:menu.down")} disabled={rest} onClick={() => onChange((was) => moved(was, i, 1))} />
                  <Button type="text" icon={<DeleteOutlined aria-hidden />} aria-label={t("remove_level", { title: l.title })} disabled={levels.length <= 2} onClick={() => onChange((was) => was.filter((each) => each.id !== l.id))} />
                </span>
                <Button onClick={() => setOpen(open === l.id ? undefined : l.id)} aria-expanded={open === l.id}>
                  {t(open === l.id ? "close_level" : "open_level")}
                </Button>
              </div>
              {open !== l.id && <p className="level-said">{rest ? <span className="level-rest">{t("rest")}</span> : two(l.sentence) || (l.rule !== "" ? <code>{l.rule}</code> : <span className="level-rest">{t("no_rule")}</span>)}</p>}
              {open === l.id && (
                <div className="level-body">
                  {rest ? <p className="level-rest">{t("rest")}</p> : <LevelRule level={l} owner={owner} onChange={(next) => set(l.id, next)} />}
                  <label>
                    <span className="muted">{t("definition:field.strategy")}</span>
                    <Input.TextArea value={l.strategy} autoSize={{ minRows: 2 }} maxLength={2000} placeholder={t("strategy_hint")} onChange={(e) => set(l.id, { strategy: e.target.value })} />
                  </label>
                  <Actions actions={l.actions} onChange={(actions) => set(l.id, { actions })} />
                  <div>
                    <span className="muted">{t("definition:field.color")}</span>
                    <ColourPick value={l.color} onChange={(color) => set(l.id, { color })} />
                  </div>
                </div>
              )}
            </li>
          );
        })}
      </ol>
      <Button type="dashed" icon={<PlusOutlined aria-hidden />} onClick={add} disabled={levels.length >= 20}>
        {t("add_level")}
      </Button>
    </div>
  );
}

/** The rule of one level; there while the level is open. */
function LevelRule({ level, owner, onChange }: { level: DraftLevel; owner?: string; onChange: (next: Partial<DraftLevel>) => void }) {
  const t = useT("tier");
  const fmt = useFmt();
  const two = useTwo();
  const draft = useRuleDraft({ text: level.rule, owner: "tier", key: owner });
  const count = useCount(draft.state === "ready" ? draft.text : undefined);
  useEffect(() => {
    if (draft.state === "ready") onChange({ rule: draft.text, sentence: draft.sentence, sound: true });
    else if (draft.state === "open" || draft.state === "wrong") onChange({ rule: draft.text, sentence: null, sound: false });
    // the level follows the draft, not the other way round
  }, [draft.state, draft.text, draft.sentence]);
  return (
    <div className="stack-s">
      <RuleEditor draft={draft} />
      <p>
        {two(draft.sentence)} {count.data && draft.state === "ready" && <b>{t("fits", { n: fmt.int(count.data.count) })}</b>}
      </p>
    </div>
  );
}

function Actions({ actions, onChange }: { actions: TierAction[]; onChange: (actions: TierAction[]) => void }) {
  const t = useT("tier");
  const { schema, tags } = useVocabulary();
  const set = (at: number, next: Partial<TierAction>) => onChange(actions.map((a, i) => (i === at ? { ...a, ...next } : a)));
  return (
    <div className="stack-s">
      <span className="muted">{t("definition:field.actions")}</span>
      {actions.map((a, i) => (
        <div key={i} className="level-action">
          <Select value={a.on} aria-label={t("action.when")} popupMatchSelectWidth={false} onChange={(on) => set(i, { on })} options={(["enter", "leave"] as const).map((on) => ({ value: on, label: t(`action.on_${on}`) }))} />
          <Select value={a.action} aria-label={t("action.what")} popupMatchSelectWidth={false} onChange={(action) => set(i, { action })} options={(["tag.add", "tag.remove"] as const).map((v) => ({ value: v, label: t(v === "tag.add" ? "tag:bulk.put_on" : "tag:bulk.take_off") }))} />
          <Select style={{ minWidth: 160 }} value={a.params.tag || undefined} placeholder={t("tag:bulk.pick")} aria-label={t("tag:bulk.pick")} showSearch={{ optionFilterProp: "label" }} onChange={(tag: string) => set(i, { params: { tag } })} options={tags.length > 0 ? tags : schema.tags.map((x) => ({ value: x.key, label: x.title }))} />
          <Button type="text" icon={<DeleteOutlined aria-hidden />} aria-label={t("action.remove")} onClick={() => onChange(actions.filter((_, j) => j !== i))} />
        </div>
      ))}
      <div>
        <Button size="small" type="dashed" icon={<PlusOutlined aria-hidden />} onClick={() => onChange([...actions, { on: "enter", action: "tag.add", params: { tag: "" } }])}>
          {t("action.another")}
        </Button>
      </div>
    </div>
  );
}
