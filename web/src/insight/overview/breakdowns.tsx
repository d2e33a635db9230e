import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import type { Overview } from "../../api/types";
import { useT } from "../../app/i18n";
import { useEventWords } from "../../pool/event/words";
import { CsvButton } from "../../ui/CsvButton";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import type { links } from "./links";

const atFirst = 10;

/** Where the period's new people came from first, and how many of them bought. */
export function Channels({ o, to }: { o: Overview; to: ReturnType<typeof links> }) {
  const t = useT("overview");
  const fmt = useFmt();
  // What is left over comes last, however many it is.
  const rows = o.channels.toSorted((a, b) => Number(a.class === "rest") - Number(b.class === "rest") || b.people - a.people);
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, atFirst);
  const most = Math.max(1, ...rows.map((r) => r.people));
  const head = [t("channels.channel"), t("channels.class"), t("channels.people"), t("channels.buyers"), t("channels.revenue")];
  return (
    <Card
      className="two-thirds"
      title={t("channels.title")}
      note={t("channels.note")}
      actions={<CsvButton file="channels" head={head} rows={rows.map((r) => [r.class === "rest" ? t("class.rest") : r.channel, t(`class.${r.class}`), r.people, r.buyers, fmt.major(r.revenue, o.currency)])} />}
    >
      {rows.length === 0 ? (
        <p className="muted">{t("channels.none")}</p>
      ) : (
        <div className="wide-table">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{head[0]}</th>
                <th scope="col" className="num">{head[2]}</th>
                <th scope="col" className="bar-cell" aria-hidden />
                <th scope="col" className="num">{head[3]}</th>
                <th scope="col" className="num">{t("channels.rate")}</th>
                <th scope="col" className="num">{head[4]}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((r) => (
                <tr key={`${r.class} ${r.channel}`}>
                  <th scope="row">
                    <span className={`class-dot class-${r.class}`} title={t(`class.${r.class}`)} />
                    {r.class === "rest" ? t("class.rest") : r.channel === "" ? t("class.unknown") : r.channel}
                  </th>
                  <td className="num">
                    {r.class === "rest" ? (
                      fmt.int(r.people)
                    ) : (
                      <Link to={to.channel(r.channel)} className="quiet-link">
                        {fmt.int(r.people)}
                      </Link>
                    )}
                  </td>
                  <td className="bar-cell" aria-hidden>
                    <i className={`class-${r.class}`} style={{ width: `${(r.people / most) * 100}%` }} />
                  </td>
                  <td className="num">
                    {r.class === "rest" ? (
                      fmt.int(r.buyers)
                    ) : (
                      <Link to={to.channelBuyers(r.channel)} className="quiet-link">
                        {fmt.int(r.buyers)}
                      </Link>
                    )}
                  </td>
                  <td className="num">{r.people === 0 ? "—" : fmt.pct(r.buyers / r.people)}</td>
                  <td className="num">{fmt.moneyCompact(r.revenue, o.currency)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {rows.length > atFirst && (
            <Button type="link" className="more-channels" onClick={() => setAll(!all)}>
              {all ? t("channels.fewer") : t("channels.all", { n: fmt.int(rows.length) })}
            </Button>
          )}
        </div>
      )}
    </Card>
  );
}

/** What people did most. */
export function TopEvents({ o }: { o: Overview }) {
  const t = useT("overview");
  const fmt = useFmt();
  const words = useEventWords();
  const most = Math.max(1, ...o.top_events.map((e) => e.events));
  return (
    <Card
      className="third"
      title={t("events.title")}
      note={t("events.note")}
      actions={<CsvButton file="events" head={[t("events.name"), t("events.times"), t("events.people")]} rows={o.top_events.map((e) => [e.name, e.events, e.people])} />}
    >
      <ul className="top-events">
        {o.top_events.map((e) => (
          <li key={e.name}>
            <span className="grow" title={e.name}>
              {words({ type: "track", name: e.name }).title}
            </span>
            <b>{fmt.int(e.events)}</b>
            <small>{t("events.by", { n: fmt.int(e.people) })}</small>
            <i style={{ width: `${(e.events / most) * 100}%` }} aria-hidden />
          </li>
        ))}
      </ul>
    </Card>
  );
}
