import type { Result } from "../query/wire";
import type { FunnelAnswer, FunnelQuery } from "./funnel";
import { StepsChart } from "./StepsChart";
import { GroupsTable, StepsTable } from "./StepsTable";
import "./funnel.css";

/** A funnel's answer at a glance: on its page, and on boards. */
export function FunnelView({ query, result }: { query: FunnelQuery; result: Result<FunnelAnswer> }) {
  return (
    <>
      <StepsChart query={query} answer={result.answer} />
      {result.answer.groups.length > 0 ? <GroupsTable query={query} answer={result.answer} /> : <StepsTable query={query} answer={result.answer} />}
    </>
  );
}
