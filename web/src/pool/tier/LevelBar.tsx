import { useT } from "../../app/i18n";
import { useDark } from "../../app/prefs";
import { palette } from "../../app/theme";
import { useFmt } from "../../ui/format";
import { levelColours } from "./colours";
import "./tier.css";

/** How people are spread over the levels, as one bar. */
export function LevelBar({ levels }: { levels: { key: string; title: string; color: string; people: number }[] }) {
  const t = useT("tier");
  const fmt = useFmt();
  const colours = levelColours(levels, palette(useDark()));
  const all = levels.reduce((n, l) => n + l.people, 0);
  return (
    <div className="level-bar" role="img" aria-label={t("bar_aria", { list: levels.map((l) => `${l.title} ${fmt.int(l.people)}`).join(t("join")) })}>
      {levels.map((l, i) => (all === 0 || l.people === 0 ? null : <i key={l.key} style={{ flexGrow: l.people, background: colours[i] }} title={`${l.title} ${fmt.int(l.people)} · ${fmt.pct(l.people / all)}`} />))}
    </div>
  );
}
