import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import type { GrowthAnswer, Period, Who } from "./growth";

/** What periods are called: short under a chart, exactly in tables. */
export function useNames(answer: GrowthAnswer) {
  const t = useT("growth");
  const fmt = useFmt();
  const short = (p: Period): string => (answer.grain === "month" ? fmt.month(p.date) : fmt.day(p.from));
  const exact = (p: Period): string => (p.from === p.to ? fmt.longDay(p.from) : t("span", { from: fmt.longDay(p.from), to: fmt.longDay(p.to) }));
  const who = (w: Who, p?: Period): string => (p === undefined ? t(`who.${w}`) : t("who.of", { said: t(`who.${w}`), period: exact(p) }));
  return { short, exact, who };
}
