import { BellOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge, Button, Popover } from "antd";
import { useState } from "react";
import { api, call } from "../../api/client";
import { useT } from "../../app/i18n";
import { Ago } from "../../ui/Ago";
import { Await } from "../../ui/states";
import { useRead, useUnread } from "./alerts";
import { Sentence } from "./Sentence";
import "./health.css";

/** The bell in the header: how many alerts are unread, and the newest of them. */
export function Bell() {
  const t = useT("health");
  const unread = useUnread();
  const [open, setOpen] = useState(false);
  return (
    <Popover trigger="click" placement="bottomRight" open={open} onOpenChange={setOpen} destroyOnHidden content={<Newest close={() => setOpen(false)} />} title={t("bell.title")}>
      <Button type="text" className="bell" aria-label={unread > 0 ? t("bell.unread", { n: unread }) : t("bell.none")} icon={<Badge count={unread} size="small" overflowCount={99}><BellOutlined aria-hidden /></Badge>} />
    </Popover>
  );
}

function Newest({ close }: { close: () => void }) {
  const t = useT("health");
  const read = useRead();
  const found = useQuery({ queryKey: ["alerts", "newest"], queryFn: () => call(api.GET("/alerts", { params: { query: { limit: 6 } } })), staleTime: 0 });
  return (
    <div className="bell-list">
      <Await query={found} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{t("bell.empty")}</p>
          ) : (
            <ul>
              {items.map((a) => (
                <li key={a.id} className={a.read ? "" : "unread"}>
                  <Link
                    to="/insight/health"
                    search={{ tab: "alerts" }}
                    onClick={() => {
                      if (!a.read) void read(a.id).catch(() => undefined);
                      close();
                    }}
                  >
                    <Sentence a={a} />
                  </Link>
                  <span className="muted">
                    <Ago at={a.at} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Await>
      <div className="row">
        <Link to="/insight/health" search={{ tab: "alerts" }} className="grow" onClick={close}>
          {t("bell.all")}
        </Link>
        {found.data?.items.some((a) => !a.read) && (
          <Button size="small" onClick={() => found.data.items[0] && void read(found.data.items[0].id, true).catch(() => undefined)}>
            {t("bell.read_all")}
          </Button>
        )}
      </div>
    </div>
  );
}
