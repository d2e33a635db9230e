import { QuestionCircleOutlined } from "@ant-design/icons";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useMemo, useState, type Key } from "react";
import { api, apiBase, call } from "../../api/client";
import type { Member, Segment } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { Ago } from "../../ui/Ago";
import { DataList, type Column } from "../../ui/DataList";
import { EmptyState } from "../../ui/states";
import { calledOf } from "../people/name";
import { usePeopleColumns } from "../people/peopleColumns";
import type { Asked } from "../rule/WhyDrawer";
import { TagPeople } from "../tag/TagPeople";

const keys = ["name", "phone", "trait.city", "channel", "last_seen", "orders", "revenue"];

/** Who is in a segment; or who came in or went out on a day. */
export function Members({ segment: s, change, date, onWhy }: { segment: Segment; change?: "entered" | "left"; date?: string; onWhy: (asked: Asked) => void }) {
  const t = useT("segment");
  const mayOperate = useMay("operator");
  const [chosen, setChosen] = useState<Key[]>([]);
  const source = useInfiniteQuery({
    // a new size means other people: the list is read again with it
    queryKey: ["segments", s.key, "people", change ?? "", date ?? "", change === "entered" ? s.entered_today : change === "left" ? s.left_today : s.people, s.version],
    queryFn: ({ pageParam }) => call(api.GET("/segments/{key}/people", { params: { path: { key: s.key }, query: { change, date, cursor: pageParam || undefined, limit: 50 } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
  });
  const usual = usePeopleColumns(keys);
  const columns = useMemo<Column<Member>[]>(() => {
    const [name, ...rest] = usual as Column<Member>[];
    const when: Column<Member> = change
      ? { key: "at", title: t(change === "entered" ? "col.entered_at" : "col.left_at"), csv: (m) => m.at ?? "", render: (m) => <Ago at={m.at} /> }
      : { key: "since", title: t("col.since"), csv: (m) => m.since, render: (m) => <Ago at={m.since} /> };
    const why: Column<Member> = {
      key: "why",
      title: t("rule:why.title"),
      render: (m) => (
        <Button size="small" type="text" icon={<QuestionCircleOutlined aria-hidden />} onClick={() => onWhy({ person: m.id, name: calledOf(m) || t("people:nameless", { id: m.id }) })}>
          {t("rule:why.title")}
        </Button>
      ),
    };
    return [...(name ? [name] : []), when, ...rest, ...(s.mode === "live" ? [why] : [])];
  }, [usual, change, t, s.mode, onWhy]);

  return (
    <DataList<Member>
      id={`segment.${change ?? "people"}`}
      source={source}
      columns={columns}
      rowKey={(m) => m.id}
      rowHref={(m) => `/pool/people/${m.id}`}
      csvHref={change ? undefined : (shown) => `${apiBase}/segments/${encodeURIComponent(s.key)}/export.csv?columns=${encodeURIComponent(shown.filter((c) => c !== "why").join(","))}`}
      bulk={mayOperate ? { chosen, onChange: setChosen, actions: <TagPeople people={chosen.map(Number)} onDone={() => setChosen([])} /> } : undefined}
      empty={<EmptyState title={t(change === "entered" ? "nobody.entered" : change === "left" ? "nobody.left" : "nobody.in")} text={change ? undefined : t("nobody.text")} />}
    />
  );
}
