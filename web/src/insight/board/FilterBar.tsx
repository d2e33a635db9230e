import { Button, Checkbox, Select } from "antd";
import type { Filters } from "../../api/boards";
import { useT } from "../../app/i18n";
import { useVocabulary } from "../../pool/rule/schema";
import { PeopleFilter } from "../query/PeopleFilter";
import { RangeField } from "../query/RangeField";
import { hasDays, tidy } from "./filters";

/** Filters over the whole board. */
export function FilterBar({ value, onChange, onReset }: { value: Filters; onChange: (f: Filters) => void; onReset?: () => void }) {
  const t = useT("board");
  const { channels } = useVocabulary().schema;
  const own = !hasDays(value);
  return (
    <div className="row board-filters" role="group" aria-label={t("filters.label")}>
      <Select
        value={own ? "own" : "all"}
        aria-label={t("filters.days")}
        popupMatchSelectWidth={false}
        options={[
          { value: "own", label: t("filters.own_days") },
          { value: "all", label: t("filters.same_days") },
        ]}
        onChange={(v) => onChange(tidy({ ...value, from: undefined, to: undefined, last: v === "own" ? undefined : 30 }))}
      />
      {!own && <RangeField value={value} onChange={(span) => onChange(tidy({ ...value, from: undefined, to: undefined, last: undefined, ...span }))} />}
      <Checkbox checked={value.compare === true} onChange={(e) => onChange(tidy({ ...value, compare: e.target.checked }))}>
        {t("filters.compare")}
      </Checkbox>
      <PeopleFilter value={value.people} onChange={(people) => onChange(tidy({ ...value, people }))} />
      <Select
        value={value.channel ?? ""}
        aria-label={t("filters.channel")}
        popupMatchSelectWidth={false}
        showSearch={{ optionFilterProp: "label" }}
        options={[{ value: "", label: t("filters.all_channels") }, ...[...new Set([...channels, ...(value.channel ? [value.channel] : [])])].map((c) => ({ value: c, label: c }))]}
        onChange={(channel: string) => onChange(tidy({ ...value, channel }))}
      />
      {onReset && (
        <Button type="link" size="small" onClick={onReset}>
          {t("filters.reset")}
        </Button>
      )}
    </div>
  );
}
