import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Checkbox } from "antd";
import { useMemo, useState, type ReactNode } from "react";
import { api, call } from "../../api/client";
import type { Tier, TierFlow } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useDark } from "../../app/prefs";
import { palette } from "../../app/theme";
import { Figure } from "../../ui/Figure";
import { useFmt } from "../../ui/format";
import { Await, EmptyState } from "../../ui/states";
import { sankey, streams } from "./flow";

/** How people moved between the levels from one day to another. */
export function FlowChart({ tier, from, to }: { tier: Tier; from: string; to: string }) {
  const t = useT("tier");
  const [stayed, setStayed] = useState(false);
  const query = useQuery({
    queryKey: ["tiers", tier.key, "flow", from, to, tier.version],
    queryFn: () => call(api.GET("/tiers/{key}/flow", { params: { path: { key: tier.key }, query: { from, to } } })),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
  return (
    <div className="card">
      <Await query={query}>
        {(flow) => (
          <Drawn
            flow={flow}
            stayed={stayed}
            file={`tier-${tier.key}-flow`}
            actions={
              <Checkbox checked={stayed} onChange={(e) => setStayed(e.target.checked)}>
                {t("flow.stayed")}
              </Checkbox>
            }
          />
        )}
      </Await>
    </div>
  );
}

function Drawn({ flow, stayed, file, actions }: { flow: TierFlow; stayed: boolean; file: string; actions: ReactNode }) {
  const t = useT("tier");
  const fmt = useFmt();
  const isDark = useDark();
  const shown = streams(flow, stayed);
  const option = useMemo(
    () => sankey(flow, stayed, palette(isDark), { fresh: t("flow.fresh"), gone: t("flow.gone"), int: fmt.int, says: (a, b) => t("flow.says", { from: a, to: b }) }),
    [flow, stayed, isDark, t, fmt],
  );
  const title = (key: string, none: string) => (key === "" ? none : (flow.levels.find((l) => l.key === key)?.title ?? key));
  const note = t("flow.note", { moved: fmt.int(flow.moved), rose: fmt.int(flow.rose), fell: fmt.int(flow.fell), stayed: fmt.int(flow.stayed) });
  if (shown.length === 0)
    return (
      <>
        <div className="card-head">
          <div className="grow">
            <h2>{t("flow.title")}</h2>
          </div>
          {actions}
        </div>
        <EmptyState title={t("flow.none")} text={note} />
      </>
    );
  return (
    <Figure
      title={t("flow.title")}
      note={note}
      file={file}
      actions={actions}
      height={360}
      option={option}
      head={[t("flow.from"), t("flow.to"), t("segment:size.people")]}
      rows={shown.map((l) => [title(l.from, t("flow.fresh")), title(l.to, t("flow.gone")), l.people])}
      shown={(c) => (typeof c === "number" ? fmt.int(c) : (c ?? ""))}
    />
  );
}
