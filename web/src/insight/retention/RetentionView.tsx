import { useState } from "react";
import type { Result } from "../query/wire";
import { Curves } from "./Curves";
import type { RetentionAnswer, RetentionQuery } from "./retention";
import { shownFirst } from "./rows";
import { Triangle } from "./Triangle";
import "./retention.css";

/** A retention answer: on its page, and on boards. */
export function RetentionView({ query, result }: { query: RetentionQuery; result: Result<RetentionAnswer> }) {
  const { answer } = result;
  // until the reader chooses; another question is another choice
  const [chosen, setChosen] = useState<{ of: RetentionAnswer; rows: number[] }>();
  const shown = chosen?.of === answer ? chosen.rows : shownFirst(answer);
  const toggle = (i: number) => setChosen({ of: answer, rows: shown.includes(i) ? shown.filter((c) => c !== i) : [...shown, i].slice(-5) });
  return (
    <>
      <Curves query={query} answer={answer} shown={shown} />
      <Triangle query={query} answer={answer} shown={shown} toggle={toggle} />
    </>
  );
}
