import { Segmented } from "antd";
import { useT } from "../../app/i18n";
import { BreakdownField } from "../query/BreakdownField";
import { Field } from "../query/QuestionFrame";
import { StepsField } from "../query/StepsField";
import { ExcludeField } from "./ExcludeField";
import { mostSteps, orders, type FunnelQuery, type Order } from "./funnel";
import { WindowField } from "./WindowField";

/** What a funnel asks: the steps, how they follow each other, within which time, what spoils it, and by what it is taken apart. */
export function FunnelForm({ query, set }: { query: FunnelQuery; set: (next: FunnelQuery) => void }) {
  const t = useT("funnel");
  const order = query.order ?? "ordered";
  const events = query.steps.filter((s) => !s.open && s.event !== "").map((s) => s.event);
  return (
    <>
      <Field label={t("steps.title")}>
        <StepsField value={query.steps} onChange={(steps) => set({ ...query, steps })} min={2} max={mostSteps} />
      </Field>
      <Field label={t("order.title")} help={t(`order.help.${order}`)}>
        <Segmented<Order> block value={order} aria-label={t("order.title")} options={orders.map((o) => ({ value: o, label: t(`order.${o}`) }))} onChange={(o) => set({ ...query, order: o === "ordered" ? undefined : o })} />
      </Field>
      <Field label={t("window.title")} help={t("window.help")}>
        <WindowField value={query.window} onChange={(window) => set({ ...query, window })} />
      </Field>
      {order === "ordered" && (
        <Field label={t("exclude.title")}>
          <ExcludeField value={query.exclude ?? []} steps={query.steps.length} onChange={(exclude) => set({ ...query, exclude: exclude.length === 0 ? undefined : exclude })} />
        </Field>
      )}
      <Field label={t("breakdown.title")}>
        <BreakdownField value={query.breakdown} events={events} onChange={(breakdown) => set({ ...query, breakdown })} />
      </Field>
    </>
  );
}
