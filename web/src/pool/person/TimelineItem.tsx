import { RightOutlined } from "@ant-design/icons";
import { useState } from "react";
import type { PoolEvent } from "../../api/types";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { EventDetail } from "../event/EventDetail";
import { EventMark } from "../event/EventMark";
import { glance } from "../event/glance";
import { useEventWords } from "../event/words";

/** One event of a timeline; opens to everything it said. */
export function TimelineItem({ event }: { event: PoolEvent }) {
  const t = useT("person");
  const fmt = useFmt();
  const words = useEventWords()(event);
  const [open, setOpen] = useState(false);
  const detail = glance(event);
  return (
    <li className={`timeline-item ${open ? "open" : ""}`}>
      <button type="button" aria-expanded={open} aria-label={`${words.title} ${detail} ${t("timeline.open")}`} onClick={() => setOpen(!open)}>
        <EventMark event={event} />
        <span className="timeline-words">
          <b title={words.raw || undefined}>{words.title}</b>
          {detail !== "" && <span className="timeline-glance">{detail}</span>}
        </span>
        {event.amount && <span className="timeline-amount">{fmt.money(event.amount.amount, event.amount.currency)}</span>}
        <time dateTime={event.time} title={fmt.time(event.time)}>
          {fmt.clock(event.time)}
        </time>
        <RightOutlined className="timeline-arrow" aria-hidden />
      </button>
      {open && <EventDetail event={event} />}
    </li>
  );
}
