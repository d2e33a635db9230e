import { useCallback, useEffect, useRef, useState } from "react";
import { api, call } from "../../api/client";
import { asApiError, type ApiError } from "../../api/error";
import type { Owner, Problem, Two } from "../../api/rules";
import { everyone, type Tree } from "../../api/tree";
import { emptyGroup, fromForm, gaps, toForm, type Group } from "./form";

/** What the draft asks of the server; given by tests as well. */
export interface Server {
  text: (tree: Tree, signal: AbortSignal) => Promise<{ text: string; sentence: Two; problems: Problem[] }>;
  check: (text: string, signal: AbortSignal) => Promise<{ ok: boolean; text: string; tree: Tree | null; sentence: Two; problems: Problem[]; cycle: string[] }>;
}

export interface Draft {
  form: Group;
  text: string;
  /** In both languages; null while the rule says nothing sound. */
  sentence: Two | null;
  problems: Problem[];
  /** A circle of rules, as the path that leads back to its start. */
  cycle: string[];
  /** ready: both views say the same and it holds water. open: conditions lack something. wrong: the text has problems. */
  state: "ready" | "open" | "wrong" | "asking" | "failed";
  /** The text was changed into something that has no form: the form is how it last was. */
  behind: boolean;
  error?: ApiError;
  setForm: (form: Group) => void;
  setText: (text: string) => void;
  retry: () => void;
}

type Shown = Pick<Draft, "form" | "text" | "sentence" | "problems" | "cycle" | "state" | "behind" | "error">;

/** How long typing rests before the server is asked; a click in the form is asked at once. */
const rest = { text: 200, form: 60 };

/**
 * A rule in two views that always say the same. What is changed in one view is turned into the other by the server; an answer that a later
 * change has overtaken is thrown away.
 */
export function useRuleDraft(first: { text?: string; owner?: Owner; key?: string }, server: Server = served(first.owner, first.key)): Draft {
  const [shown, setShown] = useState<Shown>(() => ({ form: emptyGroup(), text: first.text ?? "", sentence: null, problems: [], cycle: [], state: "asking", behind: false }));
  const running = useRef<AbortController | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const ask = useRef(server);
  ask.current = server;
  const again = useRef<() => void>(() => undefined);

  const later = useCallback((ms: number, work: (signal: AbortSignal) => Promise<Partial<Shown>>) => {
    clearTimeout(timer.current);
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    const go = async () => {
      try {
        const found = await work(mine.signal);
        if (!mine.signal.aborted) setShown((was) => ({ ...was, error: undefined, ...found }));
      } catch (err) {
        if (!mine.signal.aborted) setShown((was) => ({ ...was, state: "failed", error: asApiError(err) }));
      }
    };
    again.current = () => {
      setShown((was) => ({ ...was, state: "asking", error: undefined }));
      void go();
    };
    timer.current = setTimeout(() => void go(), ms);
  }, []);

  const setForm = useCallback(
    (form: Group) => {
      const open = gaps(form).size > 0;
      setShown((was) => ({ ...was, form, behind: false, state: open ? "open" : "asking", ...(open && { sentence: null }) }));
      if (open) {
        // an answer under way tells of a form that is no more
        clearTimeout(timer.current);
        running.current?.abort();
        return;
      }
      later(rest.form, async (signal) => {
        const made = await ask.current.text(fromForm(form), signal);
        if (made.problems.length > 0) return { text: made.text, problems: made.problems, cycle: [], sentence: null, state: "wrong" };
        const checked = await ask.current.check(made.text, signal);
        return { text: made.text, problems: checked.problems, cycle: checked.cycle, sentence: checked.ok ? checked.sentence : null, state: checked.ok ? "ready" : "wrong" };
      });
    },
    [later],
  );

  const check = useCallback(
    (text: string, ms: number) =>
      later(ms, async (signal) => {
        const checked = await ask.current.check(text, signal);
        const found: Partial<Shown> = { problems: checked.problems, cycle: checked.cycle, sentence: checked.ok ? checked.sentence : null, state: checked.ok ? "ready" : "wrong", behind: checked.tree === null };
        // a text that does not parse has no form: the last one stays
        if (checked.tree !== null) found.form = toForm(checked.tree);
        return found;
      }),
    [later],
  );

  const setText = useCallback(
    (text: string) => {
      setShown((was) => ({ ...was, text, state: "asking" }));
      check(text, rest.text);
    },
    [check],
  );

  useEffect(() => {
    if (first.text === undefined || first.text === "") later(0, async (signal) => ({ ...(await ask.current.text(everyone, signal)), state: "ready" }));
    else check(first.text, 0);
    return () => {
      clearTimeout(timer.current);
      running.current?.abort();
    };
    // a draft begins once; a page for another rule mounts another draft
  }, []);

  return { ...shown, setForm, setText, retry: () => again.current() };
}

function served(owner?: Owner, key?: string): Server {
  return {
    text: (tree, signal) => call(api.POST("/rules/text", { body: { tree }, signal })),
    check: async (text, signal) => {
      const found = await call(api.POST("/rules/check", { body: { text, owner, key }, signal }));
      return { ...found, tree: found.tree as Tree | null };
    },
  };
}
