import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, call } from "../../api/client";
import type { Tier, TierSize } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useDark } from "../../app/prefs";
import { fontStack, palette, type Palette } from "../../app/theme";
import { chartOption } from "../../ui/chartOption";
import { Figure } from "../../ui/Figure";
import { useFmt, type Fmt } from "../../ui/format";
import { Await } from "../../ui/states";
import { levelColours } from "./colours";

/** How many were in each level at the end of each day. */
export function SizesChart({ tier, from, to }: { tier: Tier; from: string; to: string }) {
  const query = useQuery({
    queryKey: ["tiers", tier.key, "size", from, to, tier.version],
    queryFn: () => call(api.GET("/tiers/{key}/size", { params: { path: { key: tier.key }, query: { from, to } } })),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
  return (
    <div className="card">
      <Await query={query}>{(size) => <Drawn size={size} tier={tier} />}</Await>
    </div>
  );
}

function Drawn({ size, tier }: { size: TierSize; tier: Tier }) {
  const t = useT("tier");
  const fmt = useFmt();
  const isDark = useDark();
  const titles = size.levels.map((key) => tier.levels.find((l) => l.key === key)?.title ?? key);
  const option = useMemo(() => layers(size, titles, levelColours(tier.levels, palette(isDark)), palette(isDark), fmt, t("segment:size.people")), [size, titles.join("\n"), tier.levels, isDark, fmt, t]);
  return (
    <Figure
      title={t("sizes.title")}
      note={t("sizes.note")}
      file={`tier-${tier.key}-sizes`}
      height={404}
      option={option}
      head={[t("segment:size.day"), ...titles]}
      rows={size.items.map((p) => [p.date, ...p.people])}
      shown={(c) => (typeof c === "number" ? fmt.int(c) : (c ?? ""))}
    />
  );
}

/** The usual chart of stacked areas, in the colours of the levels: the best level at the bottom. */
function layers(size: TierSize, titles: string[], colours: string[], p: Palette, fmt: Fmt, name: string) {
  const own: Palette = { ...p, series: colours };
  return {
    ...chartOption(
      {
        x: size.items.map((i) => fmt.day(i.date)),
        axes: [{ name, exact: fmt.int, short: fmt.compact, min: 0 }],
        series: titles.map((title, i) => ({ name: title, data: size.items.map((each) => each.people[i] ?? 0), stack: "all", area: true, colour: i })),
      },
      own,
    ),
    textStyle: { fontFamily: fontStack },
  };
}
