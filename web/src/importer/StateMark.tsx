import type { Import } from "../api/types";
import { useT } from "../app/i18n";
import { useFmt } from "../ui/format";
import { Pill, type Tone } from "../ui/Pill";
import { percent } from "./progress";

const tones: Record<Import["state"], Tone> = { waiting: "quiet", running: "lake", done: "teal", failed: "bad", cancelled: "quiet" };

/** An import's state; how far it is while it runs. */
export function StateMark({ item }: { item: Import }) {
  const t = useT("importer");
  const fmt = useFmt();
  return (
    <Pill tone={tones[item.state]}>
      {t(`state.${item.state}`)}
      {item.state === "running" && ` ${fmt.pct(percent(item) / 100, 0)}`}
    </Pill>
  );
}
