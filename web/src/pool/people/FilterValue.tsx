import { AutoComplete, DatePicker, InputNumber, Select } from "antd";
import dayjs from "dayjs";
import { useT } from "../../app/i18n";
import { usePool } from "../../app/session";
import { minorDigits } from "../../ui/format";
import { channelClasses, fieldType, type Filter } from "./filter";

/** The input for a condition's value, as its field demands. */
export function FilterValue({ filter, onChange, suggestions }: { filter: Filter; onChange: (value: string) => void; suggestions: string[] }) {
  const t = useT("people");
  const { currency } = usePool();
  const label = t("filter.value");
  switch (fieldType(filter.field)) {
    case "day":
      return (
        <DatePicker
          className="wide"
          aria-label={label}
          placeholder={t("filter.pick_day")}
          value={filter.value ? dayjs(filter.value) : null}
          onChange={(d) => onChange(d ? d.format("YYYY-MM-DD") : "")}
        />
      );
    case "count":
      return <InputNumber className="wide" aria-label={label} style={{ width: "100%" }} min={0} precision={0} value={filter.value === "" ? null : Number(filter.value)} onChange={(n) => onChange(n === null ? "" : String(n))} />;
    case "money": {
      const digits = minorDigits(currency);
      const unit = 10 ** digits;
      return (
        <InputNumber
          className="wide"
          aria-label={label}
          style={{ width: "100%" }}
          min={0}
          precision={digits}
          suffix={currency}
          value={filter.value === "" ? null : Number(filter.value) / unit}
          onChange={(n) => onChange(n === null ? "" : String(Math.round(n * unit)))}
        />
      );
    }
    case "yes_no":
      return (
        <Select
          className="wide"
          aria-label={label}
          value={filter.value || undefined}
          onChange={onChange}
          options={[
            { value: "true", label: t("filter.yes") },
            { value: "false", label: t("filter.no") },
          ]}
        />
      );
    case "class":
      return (
        <Select
          className="wide"
          aria-label={label}
          value={filter.value || undefined}
          onChange={onChange}
          options={channelClasses.map((value) => ({ value, label: t(`overview:class.${value}`) }))}
        />
      );
    default:
      return (
        <AutoComplete
          className="wide"
          aria-label={label}
          placeholder={t("filter.any_text")}
          value={filter.value}
          onChange={(v: string) => onChange(v)}
          options={suggestions.map((value) => ({ value }))}
          showSearch={{ filterOption: (text, option) => (option?.value ?? "").toLowerCase().includes(text.toLowerCase()) }}
        />
      );
  }
}
