import { CopyOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input, Select } from "antd";
import { useT } from "../../app/i18n";
import { NamePick } from "../../pool/rule/pick";
import { useVocabulary } from "../../pool/rule/schema";
import { EventPick } from "../query/StepsField";
import { WhereField } from "../query/WhereField";
import { mostSeries, withEvent } from "./query";
import { measures, ofValues, revenue, type Measure, type Series } from "./trend";
import { usePropertyName } from "./words";

/** The series: each an event with conditions, and what is measured of it. */
export function SeriesField({ value, onChange }: { value: Series[]; onChange: (s: Series[]) => void }) {
  const t = useT("trend");
  return (
    <div className="steps">
      <ol>
        {value.map((s, i) => (
          <li key={i} className="step">
            <Row
              series={s}
              mark={String.fromCharCode(65 + i)}
              onChange={(n) => onChange(value.map((old, j) => (j === i ? n : old)))}
              onCopy={value.length < mostSeries ? () => onChange([...value.slice(0, i + 1), { ...s }, ...value.slice(i + 1)]) : undefined}
              onRemove={value.length > 1 ? () => onChange(value.filter((_, j) => j !== i)) : undefined}
            />
          </li>
        ))}
      </ol>
      {value.length < mostSeries && (
        <Button type="dashed" size="small" icon={<PlusOutlined aria-hidden />} onClick={() => onChange([...value, { event: "", open: true, measure: "count" }])}>
          {t("series.add")}
        </Button>
      )}
    </div>
  );
}

interface RowProps {
  series: Series;
  mark: string;
  onChange: (s: Series) => void;
  onCopy?: () => void;
  onRemove?: () => void;
}

function Row({ series, mark, onChange, onCopy, onRemove }: RowProps) {
  const t = useT("trend");
  const words = useVocabulary();
  const property = usePropertyName();
  const measure = series.measure ?? "count";
  const numbers = series.event === "" ? [] : words.properties(series.event).filter((p) => p.type === "number" || p.type === "mixed");
  const properties = [...new Set([revenue, ...numbers.map((p) => p.name)])].map((p) => ({ value: p, label: property(p) }));
  return (
    <>
      <div className="step-line">
        <span className="step-handle still">
          <b>{mark}</b>
        </span>
        <EventPick value={series.open ? undefined : series.event} label={t("series.event", { mark })} onChange={(event) => onChange(withEvent(series, event))} />
        {onCopy && <Button type="text" size="small" icon={<CopyOutlined aria-hidden />} aria-label={t("series.copy", { mark })} title={t("series.copy", { mark })} onClick={onCopy} />}
        {onRemove && <Button type="text" size="small" icon={<DeleteOutlined aria-hidden />} aria-label={t("series.remove", { mark })} title={t("series.remove", { mark })} onClick={onRemove} />}
      </div>
      <div className="step-more">
        <div className="row trend-measure">
          <Select<Measure>
            value={measure}
            aria-label={t("series.measure", { mark })}
            popupMatchSelectWidth={false}
            options={measures.map((m) => ({ value: m, label: t(`measure.${m}`) }))}
            onChange={(m) => onChange({ ...series, measure: m, of: ofValues(m) ? (series.of ?? revenue) : undefined })}
          />
          {ofValues(measure) && <NamePick label={t("series.of", { mark })} value={series.of ?? ""} options={properties} onChange={(of) => onChange({ ...series, of })} />}
          <Input size="small" value={series.title ?? ""} maxLength={60} placeholder={t("series.title")} aria-label={t("series.title_of", { mark })} onChange={(e) => onChange({ ...series, title: e.target.value === "" ? undefined : e.target.value })} />
        </div>
        {!series.open && series.event !== "" && <WhereField event={series.event} value={series.where} onChange={(where) => onChange({ ...series, where })} />}
      </div>
    </>
  );
}
