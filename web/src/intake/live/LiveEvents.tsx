import { PauseOutlined, CaretRightOutlined, SearchOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { memo, useMemo, useState } from "react";
import type { PoolEvent } from "../../api/types";
import { useT } from "../../app/i18n";
import { ActButton } from "../../ui/ActButton";
import { useFmt } from "../../ui/format";
import { EmptyState } from "../../ui/states";
import { EventDetail } from "../../pool/event/EventDetail";
import { EventMark } from "../../pool/event/EventMark";
import { glance } from "../../pool/event/glance";
import { useSourceName } from "../../pool/event/sources";
import { useEventWords } from "../../pool/event/words";
import { matches } from "./buffer";
import { useLive } from "./useLive";

/** The stream itself: newest on top, can be held still, searched and opened. */
export function LiveEvents() {
  const t = useT("live");
  const fmt = useFmt();
  const words = useEventWords();
  const source = useSourceName();
  const { shown, waiting, paused, setPaused, link } = useLive();
  const [held, setHeld] = useState(false); // by the button; the pointer over the list holds it, too, for rows must not run away
  const [text, setText] = useState("");
  const hold = (on: boolean) => {
    setHeld(on);
    setPaused(on);
  };
  const events = useMemo(() => shown.filter((e) => matches(e, text, words(e).title)), [shown, text, words]);
  return (
    <section className="card live">
      <div className="live-bar">
        <span className={`live-state ${paused ? "paused" : link}`} role="status">
          <i aria-hidden />
          {paused ? t("state.paused", { n: fmt.int(waiting.length) }) : t(`state.${link}`)}
        </span>
        <span className="grow" />
        <Input
          className="live-filter"
          allowClear
          prefix={<SearchOutlined aria-hidden />}
          value={text}
          onChange={(e) => setText(e.target.value)}
          placeholder={t("filter")}
          aria-label={t("filter")}
        />
        <Button icon={held ? <CaretRightOutlined aria-hidden /> : <PauseOutlined aria-hidden />} onClick={() => hold(!held)}>
          {t(held ? "resume" : "pause")}
        </Button>
      </div>
      {shown.length === 0 && link !== "connecting" && (
        <EmptyState
          title={t("empty.title")}
          text={t("empty.text")}
          action={
            <Link to="/settings/intake/install">
              <ActButton>{t("empty.install")}</ActButton>
            </Link>
          }
        />
      )}
      {shown.length > 0 && events.length === 0 && <p className="muted live-none">{t("none_match")}</p>}
      <ol className="live-events" tabIndex={0} aria-label={t("state.stream")} onMouseEnter={() => setPaused(true)} onMouseLeave={() => !held && setPaused(false)}>
        {events.map((e) => (
          <LiveEvent key={e.id} event={e} {...words(e)} source={source(e.source)} />
        ))}
      </ol>
    </section>
  );
}

// a row is drawn once: what it shows does not change while others arrive
const LiveEvent = memo(function LiveEvent({ event, title, raw, source }: { event: PoolEvent; title: string; raw: string; source: string }) {
  const t = useT("live");
  const fmt = useFmt();
  const [open, setOpen] = useState(false);
  const detail = glance(event);
  return (
    <li className="live-event">
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <EventMark event={event} />
        <span className="live-words">
          <b title={raw || undefined}>{title}</b>
          {detail !== "" && <span className="live-glance">{detail}</span>}
        </span>
        {event.amount && <span className="live-amount">{fmt.money(event.amount.amount, event.amount.currency)}</span>}
        <span className="live-from">
          <span>{event.person > 0 ? t("person", { id: event.person }) : ""}</span>
          <span className="muted">{source}</span>
        </span>
        <time dateTime={event.time} title={fmt.time(event.time)}>
          {fmt.clock(event.time)}
        </time>
      </button>
      {open && <EventDetail event={event} withPerson />}
    </li>
  );
});
