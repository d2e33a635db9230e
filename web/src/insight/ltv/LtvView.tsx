import type { Result } from "../query/wire";
import { Bands } from "./Bands";
import { CheckCard } from "./CheckCard";
import { Cohorts } from "./Cohorts";
import { FitCard } from "./FitCard";
import type { LtvAnswer, LtvQuery } from "./ltv";
import { VerdictNote } from "./VerdictNote";
import "./ltv.css";

/** An answer on lifetime value: on its page, and on boards. */
export function LtvView({ result }: { query: LtvQuery; result: Result<LtvAnswer> }) {
  const { answer } = result;
  return (
    <>
      <VerdictNote verdict={answer.verdict} />
      <Bands answer={answer} />
      <Cohorts answer={answer} />
      <CheckCard answer={answer} />
      <FitCard answer={answer} />
    </>
  );
}
