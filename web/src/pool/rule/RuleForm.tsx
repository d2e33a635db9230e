import { ConfigProvider } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Group, Item } from "./form";
import { GroupView } from "./GroupView";
import { ScopeContext, type Scope } from "./scope";
import { useVocabulary, type Vocabulary } from "./schema";
import "./rule.css";

/** The visual view of a rule. */
export function RuleForm({ value, onChange, disabled = false }: { value: Group; onChange: (g: Group) => void; disabled?: boolean }) {
  const words = useVocabulary();
  return (
    <ConfigProvider componentDisabled={disabled} theme={{ token: { controlHeight: 32, controlHeightSM: 26 } }}>
      <FormRoot value={value} onChange={onChange} words={words} disabled={disabled} />
    </ConfigProvider>
  );
}

interface RootProps {
  value: Group;
  onChange: (g: Group) => void;
  words: Vocabulary;
  event?: string;
  disabled: boolean;
}

/** A form, or the filter within one: parts are dragged within it only. */
export function FormRoot({ value, onChange, words, event, disabled }: RootProps) {
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Scope["drag"]>({ id: undefined, over: undefined });
  const [wanted, setWanted] = useState<number>();
  const scope = useMemo<Scope>(
    () => ({ root: value, set: onChange, words, event, drag, setDrag, focus: (item: Item) => setWanted(item.id), disabled }),
    [value, onChange, words, event, drag, disabled],
  );
  useEffect(() => {
    if (wanted === undefined) return;
    box.current?.querySelector<HTMLElement>(`[data-handle="${wanted}"]`)?.focus();
    setWanted(undefined);
  }, [wanted]);
  return (
    <ScopeContext value={scope}>
      <div ref={box}>
        <GroupView group={value} outer />
      </div>
    </ScopeContext>
  );
}
