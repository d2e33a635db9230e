import { HolderOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Dropdown, Segmented } from "antd";
import { Fragment, type DragEvent } from "react";
import { useT } from "../../app/i18n";
import { CondRow } from "./CondRow";
import { change, insert, move, step } from "./edit";
import { condOf, emptyGroup, gaps, isGroup, type Group, type Item } from "./form";
import { PartMenu } from "./PartMenu";
import { useScope } from "./scope";
import { blank, subjectGroups, type Subject } from "./subjects";

/** A group with what it holds; the outermost has no frame. */
export function GroupView({ group, outer = false }: { group: Group; outer?: boolean }) {
  const t = useT("rule");
  const scope = useScope();
  const { root, set, drag, setDrag, disabled } = scope;
  const open = gaps(group);
  const put = (next: Group) => set(outer ? next : change(root, group.id, () => next));

  const hover = (e: DragEvent, at: number) => {
    if (drag.id === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    if (drag.over?.group !== group.id || drag.over.at !== at) setDrag({ ...drag, over: { group: group.id, at } });
  };
  const drop = (e: DragEvent) => {
    if (drag.id === undefined || drag.over === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    set(move(root, drag.id, drag.over.group, drag.over.at));
    setDrag({ id: undefined, over: undefined });
  };
  const line = (at: number) => drag.over?.group === group.id && drag.over.at === at && <li className="rule-drop" aria-hidden />;

  return (
    <div className={outer ? "rule-root" : "rule-group"} data-part={group.id}>
      {(group.of.length > 1 || !outer || group.not) && (
        <div className="rule-group-head">
          {group.not && (
            <button type="button" className="rule-not" title={t("not.off")} disabled={disabled} onClick={() => put({ ...group, not: false })}>
              {t("not.group")}
            </button>
          )}
          <Segmented<Group["op"]>
            size="small"
            value={group.op}
            disabled={disabled}
            onChange={(op) => put({ ...group, op })}
            options={[
              { value: "and", label: t("join.and_all") },
              { value: "or", label: t("join.or_any") },
            ]}
          />
          <span className="grow" />
          {!outer && <PartMenu item={group} />}
        </div>
      )}
      <ul className="rule-parts" onDragOver={(e) => hover(e, group.of.length)} onDrop={drop}>
        {group.of.map((item, at) => (
          <Fragment key={item.id}>
            {line(at)}
            {at > 0 && (
              <li className="rule-join" aria-hidden>
                {t(`join.${group.op}`)}
              </li>
            )}
            <li
              className={`rule-part ${drag.id === item.id ? "dragged" : ""}`}
              onDragOver={(e) => {
                const box = e.currentTarget.getBoundingClientRect();
                hover(e, e.clientY < box.top + box.height / 2 ? at : at + 1);
              }}
            >
              <Handle item={item} />
              {isGroup(item) ? <GroupView group={item} /> : <CondRow cond={item} open={open.has(item.id)} />}
            </li>
          </Fragment>
        ))}
        {line(group.of.length)}
      </ul>
      {!disabled && <Adders group={group} outer={outer} />}
    </div>
  );
}

/** Drags a part with the pointer, and moves it with the arrow keys. */
function Handle({ item }: { item: Item }) {
  const t = useT("rule");
  const { root, set, setDrag, focus, disabled } = useScope();
  if (disabled) return null;
  return (
    <button
      type="button"
      className="rule-handle"
      data-handle={item.id}
      draggable
      aria-label={t("menu.handle")}
      title={t("menu.handle")}
      onDragStart={(e) => {
        e.dataTransfer.effectAllowed = "move";
        e.dataTransfer.setData("text/plain", String(item.id));
        const part = e.currentTarget.parentElement;
        if (part) e.dataTransfer.setDragImage(part, 12, 12);
        setDrag({ id: item.id, over: undefined });
      }}
      onDragEnd={() => setDrag({ id: undefined, over: undefined })}
      onKeyDown={(e) => {
        if (e.key !== "ArrowUp" && e.key !== "ArrowDown") return;
        e.preventDefault();
        set(step(root, item.id, e.key === "ArrowUp" ? -1 : 1));
        focus(item);
      }}
    >
      <HolderOutlined aria-hidden />
    </button>
  );
}

function Adders({ group, outer }: { group: Group; outer: boolean }) {
  const t = useT("rule");
  const { root, set, focus, event } = useScope();
  const add = (item: Item) => {
    set(insert(root, group.id, group.of.length, item));
    focus(item);
  };
  if (event !== undefined)
    return (
      <Button size="small" type="text" icon={<PlusOutlined aria-hidden />} onClick={() => add(condOf(blank("property")))}>
        {t("add.property")}
      </Button>
    );
  const quick: Subject[] = ["did", "trait", "tag"];
  return (
    <div className="rule-adders">
      <Dropdown
        trigger={["click"]}
        menu={{
          items: subjectGroups.map(([name, of]) => ({ key: name, type: "group" as const, label: t(`group.${name}`), children: of.map((s) => ({ key: s, label: t(`subject.${s}`), onClick: () => add(condOf(blank(s))) })) })),
        }}
      >
        <Button size="small" type="dashed" icon={<PlusOutlined aria-hidden />}>
          {t("add.condition")}
        </Button>
      </Dropdown>
      <Button size="small" type="dashed" icon={<PlusOutlined aria-hidden />} onClick={() => add({ ...emptyGroup(group.op === "and" ? "or" : "and"), of: [condOf(blank("did"))] })}>
        {t("add.group")}
      </Button>
      {outer && group.of.length === 0 && (
        <span className="rule-quick">
          {quick.map((s) => (
            <Button key={s} size="small" type="link" onClick={() => add(condOf(blank(s)))}>
              {t(`subject.${s}`)}
            </Button>
          ))}
        </span>
      )}
    </div>
  );
}
