import dayjs from "dayjs";
import { monthAfter } from "./triangle";

const between = (from: string, to: string) => dayjs(to).diff(dayjs(from), "day");
const lastDay = (month: string) => dayjs(`${month}-01`).endOf("month").format("YYYY-MM-DD");

/**
 * The rule that fits exactly the people of a cell as of today: those who did the event first in the cohort's month and, for k > 0, again in the
 * k-th month after. A rule's windows end today, so a month in the past is what the longer window counts more than the shorter one.
 */
export function cellRule(event: string, cohort: string, k: number, today: string): string {
  const name = JSON.stringify(event);
  const since = `days_since_first(${name})`;
  const youngest = between(lastDay(cohort), today);
  const parts = [`${since} <= ${between(`${cohort}-01`, today)}`, ...(youngest > 0 ? [`${since} >= ${youngest}`] : [])];
  if (k > 0) {
    const month = monthAfter(cohort, k);
    const long = between(`${month}-01`, today) + 1;
    const short = between(lastDay(month), today);
    parts.push(short <= 0 ? `count(${name}, "${long}d") >= 1` : `count(${name}, "${long}d") > count(${name}, "${short}d")`);
  }
  return parts.join(" && ");
}
