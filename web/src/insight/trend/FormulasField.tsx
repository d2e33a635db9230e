import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input } from "antd";
import { useT } from "../../app/i18n";
import type { Formula } from "./trend";

/** Formulas over the series: A / B * 100. */
export function FormulasField({ value, letters, onChange }: { value: Formula[]; letters: number; onChange: (f: Formula[]) => void }) {
  const t = useT("trend");
  const put = (i: number, f: Formula) => onChange(value.map((old, j) => (j === i ? f : old)));
  const usual = letters > 1 ? "B / A" : "A * 2";
  return (
    <div className="trend-formulas">
      {value.map((f, i) => (
        <div className="row" key={i}>
          <Input className="trend-formula" value={f.text} maxLength={500} placeholder={usual} aria-label={t("formula.text", { n: i + 1 })} onChange={(e) => put(i, { ...f, text: e.target.value })} />
          <Input value={f.title ?? ""} maxLength={60} placeholder={t("formula.title")} aria-label={t("formula.title_of", { n: i + 1 })} onChange={(e) => put(i, { ...f, title: e.target.value === "" ? undefined : e.target.value })} />
          <Checkbox checked={f.percent === true} onChange={(e) => put(i, { ...f, percent: e.target.checked ? true : undefined })}>
            %
          </Checkbox>
          <Button type="text" size="small" icon={<DeleteOutlined aria-hidden />} aria-label={t("formula.remove", { n: i + 1 })} title={t("formula.remove", { n: i + 1 })} onClick={() => onChange(value.filter((_, j) => j !== i))} />
        </div>
      ))}
      <Button type="dashed" size="small" icon={<PlusOutlined aria-hidden />} onClick={() => onChange([...value, { text: usual, percent: letters > 1 ? true : undefined }])}>
        {t("formula.add")}
      </Button>
    </div>
  );
}
