import { useCallback, useState, type ReactNode } from "react";
import { OpenPeopleContext, type OpenPeople } from "./NumberLink";
import { PeopleDrawer } from "./PeopleDrawer";
import type { Question } from "./question";
import type { Common } from "./wire";

/**
 * The numbers within open the people behind them. `asked` is the question that the numbers answer; on a board: question(chart.kind) and the
 * chart's query with the board's filters.
 */
export function PeopleScope<Q extends Common, A, Of>({ question, asked, children }: { question: Question<Q, A, Of>; asked: Q | undefined; children: ReactNode }) {
  const [opened, setOpened] = useState<{ of: Of; title: string; query: Q }>();
  const open = useCallback<OpenPeople>((of, title) => asked && setOpened({ of: of as Of, title, query: asked }), [asked]);
  return (
    <OpenPeopleContext value={open}>
      {children}
      {opened && <PeopleDrawer question={question} query={opened.query} of={opened.of} title={opened.title} onClose={() => setOpened(undefined)} />}
    </OpenPeopleContext>
  );
}
