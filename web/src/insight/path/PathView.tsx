import type { Result } from "../query/wire";
import type { PathAnswer, PathQuery } from "./path";
import { SankeyChart } from "./SankeyChart";
import { LinksTable } from "./Tables";
import "./path.css";

/** An answer about paths at a glance: on its page, and on boards. */
export function PathView({ query, result }: { query: PathQuery; result: Result<PathAnswer> }) {
  return (
    <>
      <SankeyChart query={query} answer={result.answer} />
      <LinksTable query={query} answer={result.answer} />
    </>
  );
}
