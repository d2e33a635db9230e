import type { HealthAlert } from "../../api/health";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Rich } from "../../ui/Rich";
import { useChange, useFigure } from "./figures";

/** An alert in one sentence. */
export function Sentence({ a }: { a: HealthAlert }) {
  const t = useT("health");
  const fmt = useFmt();
  const figure = useFigure();
  const change = useChange();
  const say = (v: number) => figure(v, a.unit, a.currency);
  const by = change(a.value, a.expected);
  return (
    <Rich
      text={t(a.up ? "alert.high" : "alert.low", {
        day: fmt.day(a.peak),
        metric: t(`metric.${a.metric}`),
        value: say(a.value),
        expected: say(a.expected),
        change: by === "" ? "" : t("alert.change", { by }),
      })}
    />
  );
}
