import { readSteps, wholeSteps } from "../query/steps";
import { cohortings, models, type LtvQuery } from "./ltv";

/** What the page begins with: orders of the last three years. */
export const start: LtvQuery = { last: 1096 };

const text = (v: unknown): string | undefined => (typeof v === "string" && v !== "" ? v : undefined);
const day = (v: unknown): string | undefined => (typeof v === "string" && /^\d{4}-\d{2}-\d{2}$/.test(v) ? v : undefined);
const count = (v: unknown, least = 1): number | undefined => (typeof v === "number" && Number.isInteger(v) && v >= least ? v : undefined);

/** The query of an address, whatever it holds. */
export function read(raw: Record<string, unknown>): LtvQuery {
  const [purchase] = readSteps([raw.purchase]);
  return {
    purchase,
    model: models.find((m) => m === raw.model),
    unit: count(raw.unit),
    holdout: count(raw.holdout, 0),
    days: count(raw.days),
    cohorts: cohortings.find((c) => c === raw.cohorts),
    cost: count(raw.cost),
    from: day(raw.from),
    to: day(raw.to),
    last: count(raw.last),
    people: text(raw.people),
  };
}

/** The query as it is sent; undefined while its purchase is not chosen. */
export function whole(query: LtvQuery): LtvQuery | undefined {
  if (query.purchase === undefined) return query;
  const [purchase] = wholeSteps([query.purchase]) ?? [];
  return purchase === undefined || purchase.event === "" ? undefined : { ...query, purchase };
}
