import { useT } from "../../app/i18n";
import "./definition.css";

/** Colours one tells apart, in light and in dark. */
export const colours = ["#0e7c86", "#4a9bd0", "#d98a3a", "#9aa83c", "#7d5a8c", "#b23a34", "#2b7350", "#7f8f95"];

export function ColourPick({ value = "", onChange }: { value?: string; onChange?: (colour: string) => void }) {
  const t = useT("definition");
  const all = ["", ...colours, ...(value !== "" && !colours.includes(value) ? [value] : [])];
  return (
    <div className="colour-row" role="radiogroup" aria-label={t("field.color")}>
      {all.map((c, i) => (
        <button
          key={c}
          type="button"
          role="radio"
          aria-checked={value === c}
          aria-label={c === "" ? t("colour.none") : t("colour.nth", { n: i, colour: c })}
          className={c === "" ? "none" : ""}
          style={{ "--c": c } as React.CSSProperties}
          onClick={() => onChange?.(c)}
        />
      ))}
    </div>
  );
}
