import { LeftOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Select } from "antd";
import { useMemo } from "react";
import { api, call } from "../../api/client";
import type { Overlap } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useDark } from "../../app/prefs";
import { palette } from "../../app/theme";
import { Figure } from "../../ui/Figure";
import { useFmt } from "../../ui/format";
import { Card, PageHead } from "../../ui/PageHead";
import { Rich } from "../../ui/Rich";
import { Await, EmptyState } from "../../ui/states";
import { upset } from "./overlap";
import { segmentsQuery } from "./queries";
import { overlapMost } from "./routes";
import "./segment.css";

/** How two to five segments overlap; every part leads to a segment of exactly these people. */
export function OverlapPage() {
  const t = useT("segment");
  const fmt = useFmt();
  const { s: chosen = [] } = useSearch({ from: "/shell/pool/segments/overlap" });
  const navigate = useNavigate();
  const all = useQuery(segmentsQuery());
  const ready = chosen.length >= 2;
  const overlap = useQuery({
    queryKey: ["segments", "overlap", ...chosen],
    queryFn: () => call(api.POST("/segments/overlap", { body: { segments: chosen } })),
    enabled: ready,
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  });
  const shared = overlap.data?.regions.find((r) => r.in.length === overlap.data?.sets.length);
  return (
    <>
      <PageHead
        title={t("overlap.title")}
        answer={ready && overlap.data && <Rich text={t("overlap.answer", { union: fmt.int(overlap.data.union), all: fmt.int(shared?.people ?? 0), outside: fmt.int(overlap.data.outside) })} />}
        above={
          <Link to="/pool/segments" className="back">
            <LeftOutlined aria-hidden /> {t("nav")}
          </Link>
        }
      />
      <div className="stack">
        <Card>
          <div className="row">
            <Select
              className="overlap-pick"
              mode="multiple"
              maxCount={overlapMost}
              aria-label={t("overlap.pick", { most: overlapMost })}
              placeholder={t("overlap.pick", { most: overlapMost })}
              value={chosen}
              loading={all.isPending}
              onChange={(s: string[]) => void navigate({ to: "/pool/segments/overlap", search: { s }, replace: true })}
              showSearch={{ optionFilterProp: "label" }}
              options={(all.data?.items ?? []).map((s) => ({ value: s.key, label: s.title }))}
            />
          </div>
        </Card>
        {ready ? <Await query={overlap}>{(o) => <Regions overlap={o} />}</Await> : <EmptyState title={t("overlap.none")} text={t("overlap.none_text", { most: overlapMost })} />}
      </div>
    </>
  );
}

function Regions({ overlap: o }: { overlap: Overlap }) {
  const t = useT("segment");
  const fmt = useFmt();
  const isDark = useDark();
  const navigate = useNavigate();
  const names = useMemo(() => new Map(o.sets.map((s) => [s.key, s.title])), [o]);
  const said = (keys: string[]) => (keys.length === 1 ? t("overlap.only", { title: names.get(keys[0] ?? "") ?? keys[0] }) : keys.map((k) => names.get(k) ?? k).join(" ∩ "));
  const option = useMemo(
    () => upset(o, palette(isDark), { people: t("size.people"), only: (titles) => (titles.length === 1 ? t("overlap.only", { title: titles[0] }) : titles.join(" ∩ ")), int: fmt.int, short: fmt.compact }),
    [o, isDark, t, fmt],
  );
  const open = (i: number) => {
    const r = o.regions[i];
    if (r) void navigate({ to: "/pool/segments/new", search: { rule: r.rule, title: said(r.in) } });
  };
  if (o.regions.length === 0) return <EmptyState title={t("overlap.empty")} />;
  return (
    <>
      <div className="card">
        <Figure
          title={t("overlap.chart")}
          note={t("overlap.note")}
          file="overlap"
          height={300 + 30 * o.sets.length}
          option={option}
          head={[t("overlap.region"), t("size.people"), t("definition:rule.text")]}
          rows={o.regions.map((r) => [said(r.in), r.people, r.rule])}
          shown={(c, i) => (i === 1 && typeof c === "number" ? fmt.int(c) : (c ?? ""))}
          onItem={(e) => {
            if (e.seriesIndex === 0 && e.dataIndex !== undefined) open(e.dataIndex);
            if (e.seriesIndex === 2 && e.dataIndex !== undefined) open(Math.floor(e.dataIndex / o.sets.length));
          }}
        />
      </div>
      <Card title={t("overlap.list")} note={t("overlap.list_note")}>
        <div className="chart-table overlap-regions" tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t("overlap.region")}</th>
                <th scope="col" className="num">
                  {t("size.people")}
                </th>
                <th scope="col" className="num">
                  {t("overlap.of_union")}
                </th>
              </tr>
            </thead>
            <tbody>
              {o.regions.map((r) => (
                <tr key={r.in.join("\n")}>
                  <th scope="row">
                    <Link to="/pool/segments/new" search={{ rule: r.rule, title: said(r.in) }}>
                      {said(r.in)}
                    </Link>
                  </th>
                  <td className="num">{fmt.int(r.people)}</td>
                  <td className="num">{fmt.pct(o.union === 0 ? 0 : r.people / o.union)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </>
  );
}
