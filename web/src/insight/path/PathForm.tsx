import { InputNumber, Segmented, Select, Switch } from "antd";
import { useT } from "../../app/i18n";
import { useVocabulary } from "../../pool/rule/schema";
import { Field } from "../query/QuestionFrame";
import { StepsField } from "../query/StepsField";
import { GapField } from "./GapField";
import { directions, mostSteps, usualShare, usualSteps, whiches, type Direction, type PathQuery, type Which } from "./path";

const shares = [0, 0.005, 0.01, 0.02, 0.05, 0.1];

/** What a question about paths asks: from which event, which way, how far, and what is put together. */
export function PathForm({ query, set }: { query: PathQuery; set: (next: PathQuery) => void }) {
  const t = useT("path");
  const words = useVocabulary();
  const share = query.min_share ?? usualShare;
  return (
    <>
      <Field label={t("anchor.title")} help={t("anchor.help")}>
        <StepsField value={[query.anchor]} onChange={([anchor]) => anchor && set({ ...query, anchor })} min={1} max={1} />
      </Field>
      <Field label={t("direction.title")}>
        <Segmented<Direction>
          block
          value={query.direction ?? "after"}
          aria-label={t("direction.title")}
          options={directions.map((d) => ({ value: d, label: t(`direction.${d}`) }))}
          onChange={(d) => set({ ...query, direction: d === "after" ? undefined : d })}
        />
      </Field>
      <Field label={t("which.title")} help={t(`which.help.${query.which ?? "first"}`)}>
        <Segmented<Which>
          block
          value={query.which ?? "first"}
          aria-label={t("which.title")}
          options={whiches.map((w) => ({ value: w, label: t(`which.${w}`) }))}
          onChange={(w) => set({ ...query, which: w === "first" ? undefined : w })}
        />
      </Field>
      <Field label={t("steps.title")}>
        <div className="row">
          <InputNumber min={1} max={mostSteps} precision={0} value={query.steps ?? usualSteps} aria-label={t("steps.title")} onChange={(n) => n !== null && set({ ...query, steps: n === usualSteps ? undefined : n })} />
          <label className="row path-switch">
            <Switch size="small" checked={query.collapse === true} onChange={(on) => set({ ...query, collapse: on || undefined })} />
            {t("collapse")}
          </label>
        </div>
      </Field>
      <Field label={t("share.title")} help={t("share.help")}>
        <Select
          value={share}
          aria-label={t("share.title")}
          popupMatchSelectWidth={false}
          options={(shares.includes(share) ? shares : [...shares, share].sort((a, b) => a - b)).map((s) => ({ value: s, label: s === 0 ? t("share.all") : `${Number((s * 100).toFixed(2))}%` }))}
          onChange={(s) => set({ ...query, min_share: s === usualShare ? undefined : s })}
        />
      </Field>
      <Field label={t("gap.title")} help={t("gap.help")}>
        <GapField value={query.gap} onChange={(gap) => set({ ...query, gap })} />
      </Field>
      <Field label={t("without.title")} help={t("without.help")}>
        <Select
          mode="multiple"
          value={query.without ?? []}
          aria-label={t("without.title")}
          placeholder={t("without.none")}
          className="path-without"
          optionFilterProp="label"
          options={words.events.filter((e) => e.value !== query.anchor.event).map((e) => ({ value: e.value, label: e.label }))}
          onChange={(without: string[]) => set({ ...query, without: without.length === 0 ? undefined : without })}
        />
      </Field>
    </>
  );
}
