import { CloseOutlined, QuestionCircleOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Select, Tooltip } from "antd";
import { useState, type ReactNode } from "react";
import { api, call } from "../../api/client";
import type { Standing } from "../../api/rules";
import type { Person } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { Ago } from "../../ui/Ago";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { Await, explain } from "../../ui/states";
import { usePersonName } from "../person/personName";
import { useVocabulary } from "../rule/schema";
import { SegmentWhy } from "../rule/WhyDrawer";
import { tagsQuery } from "../tag/queries";
import { TagChip } from "../tag/TagChip";
import { TagWhy } from "../tag/TagWhy";
import { useSource } from "../tag/words";
import { TierWhy } from "../tier/TierWhy";
import { standingQuery } from "./queries";
import "./standing.css";

type Open = { kind: "segment" | "tier" | "tag"; key: string; title: string };

/** Every tier, segment and tag of a person, each with since when and why. */
export function StandingCard({ person }: { person: Person }) {
  const t = useT("standing");
  const name = usePersonName(person);
  const query = useQuery({ ...standingQuery(person.id), refetchInterval: 5_000 });
  const [open, setOpen] = useState<Open>();
  const asked = { person: person.id, name };
  const close = () => setOpen(undefined);
  return (
    <Card title={t("title")}>
      <Await query={query} rows={5}>
        {(s) => (
          <div className="standing">
            <Tiers standing={s} onWhy={setOpen} />
            <Segments standing={s} onWhy={setOpen} />
            <Tags standing={s} onWhy={setOpen} />
          </div>
        )}
      </Await>
      {open?.kind === "segment" && <SegmentWhy segment={open} asked={asked} onClose={close} />}
      {open?.kind === "tier" && <TierWhy tier={open} asked={asked} onClose={close} />}
      {open?.kind === "tag" && <TagWhy tag={open} asked={asked} borne={query.data?.tags.find((x) => x.key === open.key)} onClose={close} />}
    </Card>
  );
}

interface Part {
  standing: Standing;
  onWhy: (open: Open) => void;
}

function WhyButton({ of, onWhy }: { of: Open; onWhy: Part["onWhy"] }) {
  const t = useT("standing");
  return (
    <Tooltip title={t("why", { title: of.title })}>
      <Button size="small" type="text" icon={<QuestionCircleOutlined aria-hidden />} aria-label={t("why", { title: of.title })} onClick={() => onWhy(of)} />
    </Tooltip>
  );
}

function Tiers({ standing, onWhy }: Part) {
  const t = useT("standing");
  const fmt = useFmt();
  return (
    <section>
      <h3 className="side-title">{t("tiers")}</h3>
      {standing.tiers.length === 0 && <p className="muted">{t("no_tiers")}</p>}
      <ul>
        {standing.tiers.map((x) => (
          <li key={x.key} className="standing-row">
            <div className="grow">
              <span className="muted">{x.title}</span>{" "}
              <Link className="quiet-link" to="/pool/tiers/$key" params={{ key: x.key }} search={{ level: x.level }}>
                <b>{x.level_title || x.level}</b>
              </Link>
              <small>
                <Ago at={x.since} />
                {x.held_by !== "" && ` · ${t(`held.${x.held_by}`, { until: x.until ? fmt.longDay(fmt.dayOf(x.until)) : "—" })}`}
              </small>
              {x.strategy !== "" && <p className="standing-strategy">{x.strategy}</p>}
            </div>
            <WhyButton of={{ kind: "tier", key: x.key, title: x.title }} onWhy={onWhy} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Segments({ standing, onWhy }: Part) {
  const t = useT("standing");
  const { schema, segments } = useVocabulary();
  const mine = new Set(standing.segments.map((s) => s.key));
  const others = segments.filter((s) => !mine.has(s.value) && schema.segments.find((each) => each.key === s.value)?.mode === "live");
  return (
    <section>
      <h3 className="side-title">{t("segments")}</h3>
      {standing.segments.length === 0 && <p className="muted">{t("no_segments")}</p>}
      <ul>
        {standing.segments.map((x) => (
          <li key={x.key} className="standing-row">
            <div className="grow">
              <Link className="quiet-link" to="/pool/segments/$key" params={{ key: x.key }}>
                {x.title}
              </Link>
              <small>
                {x.mode === "static" ? `${t("segment:mode.static")} · ` : ""}
                <Ago at={x.since} />
              </small>
            </div>
            {x.mode === "live" && <WhyButton of={{ kind: "segment", key: x.key, title: x.title }} onWhy={onWhy} />}
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <Select
          className="standing-ask"
          size="small"
          value={null}
          placeholder={t("why_not")}
          aria-label={t("why_not")}
          showSearch={{ optionFilterProp: "label" }}
          options={others.map((o) => ({ value: o.value, label: o.label }))}
          onSelect={(key: string | null) => key !== null && onWhy({ kind: "segment", key, title: others.find((o) => o.value === key)?.label ?? key })}
        />
      )}
    </section>
  );
}

function Tags({ standing, onWhy }: Part) {
  const t = useT("standing");
  const may = useMay("operator");
  const client = useQueryClient();
  const { message } = App.useApp();
  const tags = useQuery({ ...tagsQuery({ mode: "manual" }), enabled: may });
  const change = useMutation({
    mutationFn: (body: { add?: string[]; remove?: string[] }) => call(api.POST("/people/{id}/tags", { params: { path: { id: standing.person } }, body })),
    onSuccess: (next) => {
      client.setQueryData(standingQuery(standing.person).queryKey, next);
      void client.invalidateQueries({ queryKey: ["people", standing.person] });
      void client.invalidateQueries({ queryKey: ["tags"] });
    },
    onError: (err) => void message.error(explain(err)),
  });
  const mine = new Set(standing.tags.map((x) => x.key));
  const offered = (tags.data?.items ?? []).filter((x) => x.state === "active" && !mine.has(x.key));
  const groups = new Map<string, Standing["tags"]>();
  for (const tag of standing.tags) groups.set(tag.group_title, [...(groups.get(tag.group_title) ?? []), tag]);
  return (
    <section>
      <h3 className="side-title">{t("tags")}</h3>
      {standing.tags.length === 0 && <p className="muted">{t("no_tags")}</p>}
      {[...groups].map(([group, list]) => (
        <div key={group} className="standing-tags">
          {group !== "" && <span className="muted">{group}</span>}
          {list.map((tag) => (
            <Tooltip key={tag.key} title={<TagSaid tag={tag} />}>
              <span>
                <TagChip
                  tag={tag}
                  end={
                    <>
                      <Button type="text" size="small" icon={<QuestionCircleOutlined aria-hidden />} aria-label={t("why", { title: tag.title })} onClick={() => onWhy({ kind: "tag", key: tag.key, title: tag.title })} />
                      {may && tag.mode === "manual" && <Button type="text" size="small" icon={<CloseOutlined aria-hidden />} aria-label={t("take_off", { title: tag.title })} onClick={() => change.mutate({ remove: [tag.key] })} />}
                    </>
                  }
                />
              </span>
            </Tooltip>
          ))}
        </div>
      ))}
      {may && offered.length > 0 && (
        <Select
          className="standing-ask"
          size="small"
          value={null}
          loading={change.isPending}
          placeholder={t("put_on")}
          aria-label={t("put_on")}
          showSearch={{ optionFilterProp: "label" }}
          options={offered.map((x) => ({ value: x.key, label: x.title }))}
          onSelect={(key: string | null) => key !== null && change.mutate({ add: [key] })}
        />
      )}
    </section>
  );
}

/** Since when, from whom, until when. */
export function TagSaid({ tag }: { tag: Standing["tags"][number] }): ReactNode {
  const t = useT("standing");
  const fmt = useFmt();
  const source = useSource();
  const parts = [t("rule:why.since", { time: fmt.time(tag.since) }), source(tag.mode === "rule" ? "rule" : tag.source), tag.author, tag.until ? t("until", { day: fmt.longDay(fmt.dayOf(tag.until)) }) : "", tag.note];
  return parts.filter((p) => p !== "").join(" · ");
}
