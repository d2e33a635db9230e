import { Select } from "antd";
import type { ImportFile, Mapping } from "../api/types";
import { useT } from "../app/i18n";
import { columnOf, samples, whoFields, withField, type Field } from "./mapping";
import { useFieldWords } from "./words";

interface Props {
  file: ImportFile;
  fields: Field[];
  mapping: Mapping;
  lacking: string[];
  problemOf: (field: string) => string | undefined;
  onChange: (m: Mapping) => void;
}

/** Each field of the preset and the column that fills it, with some of its values. */
export function MappingTable({ file, fields, mapping, lacking, problemOf, onChange }: Props) {
  const t = useT("importer");
  const words = useFieldWords();
  const needsWho = lacking.includes("who");
  return (
    <ul className="mapping">
      {fields.map((f) => {
        const column = columnOf(mapping, f.name);
        const { title, help } = words(f);
        const who = whoFields.includes(f.name);
        const lacks = lacking.includes(f.name) || (needsWho && f.name === "customer");
        const problem = problemOf(f.name);
        return (
          <li key={f.name} className={lacks ? "lacks" : undefined}>
            <label htmlFor={`map-${f.name}`}>
              {title}
              {f.required && !who && <em aria-label={t("map.required")}>*</em>}
              {f.name === "customer" && <em aria-label={t("map.required")}>*</em>}
            </label>
            <div className="mapping-value">
              <Select
                id={`map-${f.name}`}
                allowClear
                showSearch={{ optionFilterProp: "label" }}
                value={column}
                status={lacks ? "warning" : problem ? "error" : undefined}
                placeholder={t(lacks ? "map.choose" : "map.none")}
                onChange={(c: string | undefined) => onChange(withField(mapping, f.name, c))}
                options={file.columns.map((c) => ({ value: c, label: c }))}
              />
              <small>{problem ?? (column === undefined ? help : <Samples values={samples(file.columns, file.preview, column)} />)}</small>
            </div>
          </li>
        );
      })}
      {needsWho && !fields.some((f) => f.name === "customer") && <li className="mapping-who">{t("map.who")}</li>}
    </ul>
  );
}

export function Samples({ values }: { values: string[] }) {
  const t = useT("importer");
  if (values.length === 0) return <span className="muted">{t("map.blank")}</span>;
  return (
    <span className="samples">
      {values.map((v) => (
        <code key={v}>{v}</code>
      ))}
    </span>
  );
}
