import { CloseOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import { useT } from "../../app/i18n";
import { EventPick } from "../query/StepsField";
import { WhereField } from "../query/WhereField";
import { mostExclusions, type Exclusion } from "./funnel";

/** Events that spoil the way: who does one between two steps has not gone it. */
export function ExcludeField({ value, steps, onChange }: { value: Exclusion[]; steps: number; onChange: (next: Exclusion[]) => void }) {
  const t = useT("funnel");
  const put = (i: number, next: Exclusion) => onChange(value.map((e, j) => (j === i ? next : e)));
  const place = (e: Exclusion) => (e.from === undefined && e.to === undefined ? "any" : `${Math.min(e.from ?? 1, steps - 1)}-${Math.min(e.to ?? steps, steps)}`);
  const places = [
    { value: "any", label: t("exclude.any") },
    ...Array.from({ length: Math.max(0, steps - 1) }, (_, i) => ({ value: `${i + 1}-${i + 2}`, label: t("exclude.between", { from: i + 1, to: i + 2 }) })),
  ];
  return (
    <div className="steps">
      {value.map((e, i) => (
        // an exclusion has no name of its own; removing one in the middle is rare, and its neighbours are told what they are
        <div className="step" key={i}>
          <div className="step-line">
            <EventPick value={e.open ? undefined : e.event} any={false} label={t("exclude.event")} onChange={(event) => put(i, { event, from: e.from, to: e.to })} />
            <Button type="text" size="small" icon={<CloseOutlined aria-hidden />} aria-label={t("exclude.remove")} title={t("exclude.remove")} onClick={() => onChange(value.filter((_, j) => j !== i))} />
          </div>
          {!e.open && (
            <div className="exclude-more">
              <Select
                size="small"
                value={place(e)}
                aria-label={t("exclude.where")}
                popupMatchSelectWidth={false}
                options={places.some((p) => p.value === place(e)) ? places : [...places, { value: place(e), label: t("exclude.between", { from: e.from ?? 1, to: e.to ?? steps }) }]}
                onChange={(v) => {
                  const [from, to] = v.split("-").map(Number);
                  put(i, v === "any" ? { ...e, from: undefined, to: undefined } : { ...e, from, to });
                }}
              />
              <WhereField event={e.event} value={e.where} onChange={(where) => put(i, { ...e, where })} />
            </div>
          )}
        </div>
      ))}
      {value.length < mostExclusions && (
        <Button type="dashed" size="small" icon={<PlusOutlined aria-hidden />} onClick={() => onChange([...value, { event: "", open: true }])}>
          {t("exclude.add")}
        </Button>
      )}
    </div>
  );
}
