import { useQuery } from "@tanstack/react-query";
import { Input, Select } from "antd";
import type { ImportFile, Mapping, Preset } from "../api/types";
import { useT } from "../app/i18n";
import { useLang } from "../app/prefs";
import { kindsQuery, kindTitle } from "../pool/kind/kinds";
import { Card } from "../ui/PageHead";
import { extraOf, nameFor, otherColumns, samples, withExtra, type Extra, type Field } from "./mapping";
import { Samples } from "./MappingTable";

interface Props {
  file: ImportFile;
  preset: Preset;
  fields: Field[];
  mapping: Mapping;
  onChange: (m: Mapping) => void;
}

/** The columns no field takes: kept as traits, properties or identities under a name, or left out. */
export function OtherColumns({ file, preset, fields, mapping, onChange }: Props) {
  const t = useT("importer");
  const columns = otherColumns(file.columns, fields, mapping);
  if (columns.length === 0) return null;
  const kept = columns.filter((c) => extraOf(mapping, c) !== undefined).length;
  return (
    <Card title={t("other.title")} note={t("other.note", { kept, n: columns.length })}>
      <ul className="mapping">
        {columns.map((c) => (
          <Column key={c} column={c} values={samples(file.columns, file.preview, c)} preset={preset} extra={extraOf(mapping, c)} onChange={(extra) => onChange(withExtra(mapping, c, extra))} />
        ))}
      </ul>
    </Card>
  );
}

interface ColumnProps {
  column: string;
  values: string[];
  preset: Preset;
  extra: Extra | undefined;
  onChange: (extra: Extra | undefined) => void;
}

function Column({ column, values, preset, extra, onChange }: ColumnProps) {
  const t = useT("importer");
  const lang = useLang();
  const kinds = useQuery(kindsQuery).data ?? [];
  const choices = ["out", "trait", ...(preset === "people" ? [] : ["property"]), "identity"] as const;
  const choose = (as: (typeof choices)[number]) => {
    if (as === "out") onChange(undefined);
    else if (as === "identity") onChange({ as, name: kinds[0]?.kind ?? "user_id" });
    else onChange({ as: as as "trait" | "property", name: extra !== undefined && extra.as !== "identity" ? extra.name : nameFor(column) });
  };
  return (
    <li>
      <label htmlFor={`other-${column}`}>{column}</label>
      <div className="mapping-value">
        <div className="other-row">
          <Select id={`other-${column}`} value={extra?.as ?? "out"} onChange={choose} options={choices.map((as) => ({ value: as, label: t(`other.${as}`) }))} />
          {extra?.as === "identity" && (
            <Select
              aria-label={t("other.kind")}
              value={extra.name}
              onChange={(name: string) => onChange({ as: "identity", name })}
              options={kinds.map((k) => ({ value: k.kind, label: kindTitle(kinds, k.kind, lang) }))}
            />
          )}
          {(extra?.as === "trait" || extra?.as === "property") && (
            // kept while typing, taken once left: an empty name in between must not lose the column
            <Input
              key={extra.name}
              aria-label={t("other.name")}
              defaultValue={extra.name}
              maxLength={80}
              onBlur={(e) => e.target.value.trim() !== "" && onChange({ as: extra.as, name: e.target.value.trim() })}
              onPressEnter={(e) => e.currentTarget.blur()}
            />
          )}
        </div>
        <small>
          <Samples values={values} />
        </small>
      </div>
    </li>
  );
}
