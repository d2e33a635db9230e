import type { Result } from "../query/wire";
import { Account } from "./Books";
import { FlowChart, StockChart } from "./Charts";
import type { GrowthAnswer, GrowthQuery } from "./growth";
import "./growth.css";

/** The pool's books at a glance, for boards. */
export function GrowthView({ result }: { query: GrowthQuery; result: Result<GrowthAnswer> }) {
  return (
    <>
      <div className="card">
        <FlowChart answer={result.answer} />
      </div>
      <div className="card">
        <StockChart answer={result.answer} />
      </div>
      <Account answer={result.answer} />
    </>
  );
}
