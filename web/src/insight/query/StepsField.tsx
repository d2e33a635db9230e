import { CopyOutlined, DeleteOutlined, EditOutlined, HolderOutlined, MoreOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Dropdown, Input } from "antd";
import { useEffect, useRef, useState, type DragEvent } from "react";
import { useT } from "../../app/i18n";
import { NamePick } from "../../pool/rule/pick";
import { useVocabulary } from "../../pool/rule/schema";
import { moved, stepName } from "./steps";
import { WhereField } from "./WhereField";
import type { Step } from "./wire";

export interface StepsFieldProps {
  value: Step[];
  onChange: (steps: Step[]) => void;
  /** Fewest and most steps; 1 and 10 unless told. */
  min?: number;
  max?: number;
  /** Whether "any activity" is offered. */
  any?: boolean;
  /** How steps are marked: 1, 2, 3 or A, B, C. */
  marks?: "numbers" | "letters";
  /** What a further step is called on its button. */
  addLabel?: string;
}

/** A list of steps: each an event with conditions and a name of its own; dragged, or moved with the arrow keys. */
export function StepsField({ value, onChange, min = 1, max = 10, any = true, marks = "numbers", addLabel }: StepsFieldProps) {
  const t = useT("query");
  const box = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<number>();
  const [over, setOver] = useState<number>();
  const [wanted, setWanted] = useState<number>();
  const keys = useKeys(value.length);
  useEffect(() => {
    if (wanted === undefined) return;
    box.current?.querySelectorAll<HTMLElement>(".step-handle")[wanted]?.focus();
    setWanted(undefined);
  }, [wanted]);

  const move = (from: number, to: number) => {
    if (to < 0 || to >= value.length || from === to) return;
    keys.move(from, to);
    onChange(moved(value, from, to));
  };
  const put = (i: number, step: Step) => onChange(value.map((s, j) => (j === i ? step : s)));
  const insert = (i: number, step: Step) => {
    keys.insert(i);
    onChange([...value.slice(0, i), step, ...value.slice(i)]);
  };
  const remove = (i: number) => {
    keys.remove(i);
    onChange(value.filter((_, j) => j !== i));
  };
  const drop = (e: DragEvent) => {
    if (dragged === undefined || over === undefined) return;
    e.preventDefault();
    move(dragged, over);
    setDragged(undefined);
    setOver(undefined);
  };

  return (
    <div className="steps">
      <ol ref={box} onDrop={drop} onDragOver={(e) => dragged !== undefined && e.preventDefault()}>
        {value.map((step, i) => (
          <li key={keys.of[i]} className={`step ${dragged === i ? "dragged" : ""} ${over === i && dragged !== i ? "over" : ""}`} onDragEnter={() => dragged !== undefined && setOver(i)}>
            <StepRow
              step={step}
              mark={marks === "letters" ? String.fromCharCode(65 + i) : String(i + 1)}
              any={any}
              onChange={(s) => put(i, s)}
              onCopy={value.length < max ? () => insert(i + 1, { ...step }) : undefined}
              onRemove={value.length > min ? () => remove(i) : undefined}
              handle={
                value.length > 1
                  ? {
                      onKey: (way) => {
                        move(i, i + way);
                        setWanted(Math.min(Math.max(0, i + way), value.length - 1));
                      },
                      onDrag: (on) => {
                        setDragged(on ? i : undefined);
                        if (!on) setOver(undefined);
                      },
                    }
                  : undefined
              }
            />
          </li>
        ))}
      </ol>
      {value.length < max && (
        <Button type="dashed" size="small" icon={<PlusOutlined aria-hidden />} onClick={() => insert(value.length, { event: "", open: true })}>
          {addLabel ?? t("steps.add")}
        </Button>
      )}
    </div>
  );
}

interface RowProps {
  step: Step;
  mark: string;
  any: boolean;
  onChange: (s: Step) => void;
  onCopy?: () => void;
  onRemove?: () => void;
  handle?: { onKey: (way: -1 | 1) => void; onDrag: (on: boolean) => void };
}

function StepRow({ step, mark, any, onChange, onCopy, onRemove, handle }: RowProps) {
  const t = useT("query");
  const [naming, setNaming] = useState(Boolean(step.title));
  const items = [
    { key: "name", icon: <EditOutlined aria-hidden />, label: t("steps.name"), onClick: () => setNaming(true) },
    ...(onCopy ? [{ key: "copy", icon: <CopyOutlined aria-hidden />, label: t("steps.copy"), onClick: onCopy }] : []),
    ...(onRemove ? [{ key: "remove", icon: <DeleteOutlined aria-hidden />, label: t("steps.remove"), onClick: onRemove }] : []),
  ];
  return (
    <>
      <div className="step-line">
        {handle ? (
          <button
            type="button"
            className="step-handle"
            draggable
            aria-label={t("steps.handle", { mark })}
            title={t("steps.handle", { mark })}
            onDragStart={(e) => {
              e.dataTransfer.effectAllowed = "move";
              e.dataTransfer.setData("text/plain", mark);
              handle.onDrag(true);
            }}
            onDragEnd={() => handle.onDrag(false)}
            onKeyDown={(e) => {
              if (e.key !== "ArrowUp" && e.key !== "ArrowDown") return;
              e.preventDefault();
              handle.onKey(e.key === "ArrowUp" ? -1 : 1);
            }}
          >
            <b>{mark}</b>
            <HolderOutlined aria-hidden />
          </button>
        ) : (
          <span className="step-handle still">
            <b>{mark}</b>
          </span>
        )}
        <EventPick
          value={step.open ? undefined : step.event}
          any={any}
          label={t("steps.event", { mark })}
          onChange={(event) => onChange({ event, title: step.title, where: event === step.event ? step.where : undefined })}
        />
        <Dropdown trigger={["click"]} menu={{ items }}>
          <Button type="text" size="small" icon={<MoreOutlined aria-hidden />} aria-label={t("steps.more", { mark })} />
        </Dropdown>
        {onRemove && <Button type="text" size="small" icon={<DeleteOutlined aria-hidden />} aria-label={t("steps.remove")} title={t("steps.remove")} onClick={onRemove} />}
      </div>
      <div className="step-more">
        {naming && (
          <Input
            size="small"
            value={step.title ?? ""}
            maxLength={60}
            placeholder={t("steps.name_hint")}
            aria-label={t("steps.name")}
            onChange={(e) => onChange({ ...step, title: e.target.value === "" ? undefined : e.target.value })}
          />
        )}
        {step.event !== "" && <WhereField event={step.event} value={step.where} onChange={(where) => onChange({ ...step, where })} />}
      </div>
    </>
  );
}

/** The list's word for any activity, which the wire calls "". */
const anyEvent = "*";

/** One of the pool's events, found by its name in either language; or any activity. */
export function EventPick({ value, onChange, any = true, label }: { value: string | undefined; onChange: (event: string) => void; any?: boolean; label: string }) {
  const t = useT("query");
  const words = useVocabulary();
  const options = any ? [{ value: anyEvent, label: t("steps.any") }, ...words.events] : words.events;
  return <NamePick label={label} value={value === undefined ? "" : value === "" && any ? anyEvent : value} options={options} onChange={(v) => onChange(v === anyEvent ? "" : v)} />;
}

/** What a step is called: its own name, or its event's in the reader's language. */
export function useStepName(): (step: Step) => string {
  const t = useT("query");
  const words = useVocabulary();
  return (step) => stepName(step, words.event, t("steps.any"));
}

/** Names for the lines of a list whose items have none, kept through moves. */
function useKeys(n: number) {
  const next = useRef(0);
  const of = useRef<number[]>([]);
  while (of.current.length < n) of.current.push(next.current++);
  of.current.length = n;
  return {
    of: of.current,
    move: (from: number, to: number) => void (of.current = moved(of.current, from, to)),
    insert: (at: number) => void of.current.splice(at, 0, next.current++),
    remove: (at: number) => void of.current.splice(at, 1),
  };
}
