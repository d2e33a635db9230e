import { Checkbox, Input, InputNumber, Segmented, Select } from "antd";
import { useState } from "react";
import { useT } from "../../app/i18n";
import { BreakdownField } from "../query/BreakdownField";
import { Field } from "../query/QuestionFrame";
import { StepsField } from "../query/StepsField";
import type { Step } from "../query/wire";
import { parseBrackets, showBrackets, usualBrackets } from "./query";
import { modes, startings, type Mode, type RetentionQuery, type Starts, type Stretch } from "./retention";

type Set = (next: RetentionQuery) => void;

/** What a retention asks: who, back by doing what, counted how. */
export function RetentionForm({ query, set }: { query: RetentionQuery; set: Set }) {
  const t = useT("retention");
  const mode = query.mode ?? "nth";
  const starts = query.starts ?? "first";
  const one = (steps: Step[]) => steps[0] ?? { event: "" };
  return (
    <>
      <Field label={t("form.start")} help={t(`form.starts_help.${starts}`)}>
        <StepsField value={[query.start]} max={1} onChange={(s) => set({ ...query, start: one(s) })} />
        <Segmented<Starts> block value={starts} aria-label={t("form.starts")} options={startings.map((s) => ({ value: s, label: t(`form.starts_${s}`) }))} onChange={(s) => set({ ...query, starts: s === "first" ? undefined : s })} />
      </Field>
      <Field label={t("form.return")}>
        <Checkbox checked={query.return === undefined} onChange={(e) => set({ ...query, return: e.target.checked ? undefined : { event: "", open: true } })}>
          {t("form.same")}
        </Checkbox>
        {query.return && <StepsField value={[query.return]} max={1} onChange={(s) => set({ ...query, return: one(s) })} />}
      </Field>
      <Field label={t("form.mode")} help={t(`form.mode_help.${mode}`)}>
        <Select<Mode>
          value={mode}
          aria-label={t("form.mode")}
          options={modes.map((m) => ({ value: m, label: t(`form.mode_${m}`) }))}
          onChange={(m) => set({ ...query, mode: m === "nth" ? undefined : m, brackets: m === "bracket" ? (query.brackets ?? usualBrackets) : undefined })}
        />
        {mode === "bracket" ? (
          <Brackets value={query.brackets ?? []} onChange={(brackets) => set({ ...query, brackets })} />
        ) : (
          <label className="row muted">
            {t("form.periods")}
            <InputNumber size="small" min={1} max={366} precision={0} value={query.periods ?? null} placeholder={t("form.by_range")} aria-label={t("form.periods")} onChange={(n) => set({ ...query, periods: n ?? undefined })} />
          </label>
        )}
      </Field>
      <Field label={t("form.value")}>
        <Checkbox checked={query.value === true} onChange={(e) => set({ ...query, value: e.target.checked ? true : undefined })}>
          {t("form.value_on")}
        </Checkbox>
      </Field>
      <Field label={t("form.breakdown")}>
        <BreakdownField value={query.breakdown} events={query.start.event === "" || query.start.open ? [] : [query.start.event]} onChange={(breakdown) => set({ ...query, breakdown })} />
      </Field>
    </>
  );
}

/** Ranges of periods as one writes them: 0, 1-3, 4-7. What is not finished changes nothing. */
function Brackets({ value, onChange }: { value: Stretch[]; onChange: (b: Stretch[]) => void }) {
  const t = useT("retention");
  const [text, setText] = useState(() => showBrackets(value));
  const sound = parseBrackets(text) !== undefined;
  return (
    <div>
      <Input
        value={text}
        aria-label={t("form.brackets")}
        status={sound ? undefined : "error"}
        onChange={(e) => {
          setText(e.target.value);
          const read = parseBrackets(e.target.value);
          if (read) onChange(read);
        }}
      />
      <small className="muted">{t(sound ? "form.brackets_help" : "form.brackets_wrong")}</small>
    </div>
  );
}
