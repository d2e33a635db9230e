import { QuestionCircleOutlined } from "@ant-design/icons";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented, Select } from "antd";
import { useMemo, useState, type Key } from "react";
import { api, apiBase, call } from "../../api/client";
import type { Member, Tier } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { Ago } from "../../ui/Ago";
import { DataList, type Column } from "../../ui/DataList";
import { EmptyState } from "../../ui/states";
import { calledOf } from "../people/name";
import { usePeopleColumns } from "../people/peopleColumns";
import type { Asked } from "../rule/WhyDrawer";
import { TagPeople } from "../tag/TagPeople";

const keys = ["name", "phone", "last_seen", "orders", "revenue"];
type Row = Member & { level: string };

/** Who is in which level; or who came into a level or left it today. */
export function TierPeople({ tier, onWhy }: { tier: Tier; onWhy: (asked: Asked) => void }) {
  const t = useT("tier");
  const may = useMay("operator");
  const search = useSearch({ from: "/shell/pool/tiers/$key" });
  const navigate = useNavigate({ from: "/pool/tiers/$key" });
  const { level, change } = search;
  const [chosen, setChosen] = useState<Key[]>([]);
  const of = tier.levels.find((l) => l.key === level);
  const source = useInfiniteQuery({
    queryKey: ["tiers", tier.key, "people", level ?? "", change ?? "", tier.version, change ? of?.[change === "entered" ? "entered_today" : "left_today"] : of?.people],
    queryFn: ({ pageParam }) => call(api.GET("/tiers/{key}/people", { params: { path: { key: tier.key }, query: { level, change, cursor: pageParam || undefined, limit: 50 } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
  });
  const usual = usePeopleColumns(keys);
  const columns = useMemo<Column<Row>[]>(() => {
    const [name, ...rest] = usual as Column<Row>[];
    const title = (key: string) => tier.levels.find((l) => l.key === key)?.title ?? key;
    return [
      ...(name ? [name] : []),
      { key: "level", title: t("level"), csv: (p) => title(p.level), render: (p) => title(p.level) },
      { key: "since", title: t("since"), csv: (p) => p.since, render: (p) => <Ago at={change ? (p.at ?? p.since) : p.since} /> },
      ...rest,
      {
        key: "why",
        title: t("rule:why.title"),
        render: (p) => (
          <Button size="small" type="text" icon={<QuestionCircleOutlined aria-hidden />} onClick={() => onWhy({ person: p.id, name: calledOf(p) || t("people:nameless", { id: p.id }) })}>
            {t("rule:why.title")}
          </Button>
        ),
      },
    ];
  }, [usual, t, tier.levels, change, onWhy]);
  return (
    <DataList<Row>
      id="tier.people"
      source={source}
      columns={columns}
      rowKey={(p) => p.id}
      rowHref={(p) => `/pool/people/${p.id}`}
      filters={
        <>
          <Select
            style={{ minWidth: 140 }}
            aria-label={t("level")}
            value={level ?? ""}
            onChange={(v) => void navigate({ search: { ...search, level: v || undefined, change: v === "" ? undefined : change }, replace: true })}
            options={[{ value: "", label: t("all_levels") }, ...tier.levels.map((l) => ({ value: l.key, label: l.title }))]}
          />
          {level !== undefined && (
            <Segmented
              value={change ?? "in"}
              onChange={(v) => void navigate({ search: { ...search, change: v === "in" ? undefined : (v as "entered" | "left") }, replace: true })}
              options={[
                { value: "in", label: t("tab.in") },
                { value: "entered", label: t("segment:tab.entered") },
                { value: "left", label: t("segment:tab.left") },
              ]}
            />
          )}
        </>
      }
      csvHref={change ? undefined : (shown) => `${apiBase}/tiers/${encodeURIComponent(tier.key)}/export.csv?columns=${encodeURIComponent(shown.filter((c) => c !== "why").join(","))}${level ? `&level=${encodeURIComponent(level)}` : ""}`}
      bulk={may ? { chosen, onChange: setChosen, actions: <TagPeople people={chosen.map(Number)} onDone={() => setChosen([])} /> } : undefined}
      empty={<EmptyState title={t("nobody")} />}
    />
  );
}
