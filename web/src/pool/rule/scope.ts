import { createContext, useContext } from "react";
import type { Group, Item } from "./form";
import type { Vocabulary } from "./schema";

/** What the parts of one form share: the form around them, how to change it, and the words. */
export interface Scope {
  root: Group;
  set: (next: Group) => void;
  words: Vocabulary;
  /** Present within a filter: the event whose properties are compared. */
  event?: string;
  /** What is being dragged, and where it would go. */
  drag: { id: number | undefined; over: { group: number; at: number } | undefined };
  setDrag: (drag: Scope["drag"]) => void;
  /** The part that takes the focus once it is there. */
  focus: (item: Item) => void;
  disabled: boolean;
}

export const ScopeContext = createContext<Scope | null>(null);

export function useScope(): Scope {
  const scope = useContext(ScopeContext);
  if (scope === null) throw new Error("a part of a rule's form stands outside a form");
  return scope;
}
