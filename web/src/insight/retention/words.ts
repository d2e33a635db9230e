import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { useGroupName } from "../query/BreakdownField";
import { useStepName } from "../query/StepsField";
import type { RetentionAnswer, RetentionQuery, Row, Stretch } from "./retention";

/** What rows and columns of an answer are called. */
export function useNames(query: RetentionQuery, answer: RetentionAnswer) {
  const t = useT("retention");
  const fmt = useFmt();
  const group = useGroupName(query.breakdown);
  const step = useStepName();
  const column = ({ from, to }: Stretch): string => {
    const k = answer.mode === "after" ? `${from}+` : from === to ? String(from) : `${from}–${to}`;
    return t(`column.${answer.grain}`, { k });
  };
  const cohort = (date: string): string => (answer.grain === "month" ? fmt.month(date) : answer.grain === "week" ? t("row.week", { day: fmt.longDay(date) }) : fmt.longDay(date));
  const row = (r: Row): string => (r.group ? group(r.group) : r.cohort ? cohort(r.cohort) : t("row.all"));
  const start = step(query.start);
  return { column, row, start, back: query.return ? step(query.return) : start };
}
