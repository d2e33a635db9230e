import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { useMemo, useState } from "react";
import { api, call } from "../../api/client";
import type { Person } from "../../api/types";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { EmptyState, ErrorState, Loading } from "../../ui/states";
import { byDay } from "../event/days";
import { useEventWords } from "../event/words";
import { TimelineItem } from "./TimelineItem";
import { useTimeline } from "./useTimeline";

/** Everything a person did, by day. */
export function Timeline({ person }: { person: Person }) {
  const t = useT("person");
  const fmt = useFmt();
  const [name, setName] = useState<string>();
  const { source, events } = useTimeline(person.id, name);
  const days = useMemo(() => byDay(events, fmt.dayOf), [events, fmt]);
  const today = fmt.dayOf(Date.now());
  const yesterday = fmt.dayOf(Date.now() - 86_400_000);

  if (source.isError && source.data === undefined) return <ErrorState error={source.error} retry={() => void source.refetch()} />;
  return (
    <div className="timeline">
      <div className="timeline-bar">
        <NamePick value={name} onChange={setName} mine={events.map((e) => e.name)} />
        <span className="muted live-note">
          <i className="live-dot" aria-hidden />
          {t("timeline.live")}
        </span>
      </div>
      {source.isPending && <Loading />}
      {source.isSuccess && events.length === 0 && <EmptyState title={t(name ? "timeline.none_name" : "timeline.none")} text={t("timeline.none_text")} />}
      {days.map((day) => (
        <section key={day.date} className="timeline-day">
          <h3>
            {day.date === today ? t("timeline.today") : day.date === yesterday ? t("timeline.yesterday") : fmt.longDay(day.date)}
            <span className="muted">{t("timeline.count", { count: day.events.length })}</span>
          </h3>
          <ol>
            {day.events.map((e) => (
              <TimelineItem key={e.id} event={e} />
            ))}
          </ol>
        </section>
      ))}
      {source.hasNextPage ? (
        <Button block onClick={() => void source.fetchNextPage()} loading={source.isFetchingNextPage && { delay: 300 }}>
          {t("timeline.more")}
        </Button>
      ) : (
        events.length > 0 && <p className="muted timeline-end">{t("timeline.end")}</p>
      )}
    </div>
  );
}

function NamePick({ value, onChange, mine }: { value: string | undefined; onChange: (name: string | undefined) => void; mine: string[] }) {
  const t = useT("person");
  const words = useEventWords();
  const schema = useQuery({ queryKey: ["intake", "schema"], queryFn: () => call(api.GET("/intake/schema")), staleTime: 60_000 }).data?.items ?? [];
  const names = [...new Set([...mine, ...schema.filter((s) => s.type === "track").map((s) => s.name)])].filter((n) => n !== "");
  return (
    <Select
      className="timeline-name"
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      value={value}
      onChange={(v: string | undefined) => onChange(v)}
      placeholder={t("timeline.all")}
      aria-label={t("timeline.filter")}
      options={names.map((name) => {
        const w = words({ type: "track", name });
        return { value: name, label: w.raw === "" ? w.title : `${w.title} · ${w.raw}` };
      })}
    />
  );
}
