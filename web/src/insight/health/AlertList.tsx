import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button } from "antd";
import { useState } from "react";
import { api, call } from "../../api/client";
import type { HealthAlert } from "../../api/health";
import { useT } from "../../app/i18n";
import { useLang } from "../../app/prefs";
import { useMay } from "../../app/session";
import { Ago } from "../../ui/Ago";
import { Card, PageHead } from "../../ui/PageHead";
import { Await, EmptyState, ErrorState, explain, Loading } from "../../ui/states";
import { searchOf } from "../query/useQueryState";
import { useRead, useUnread } from "./alerts";
import { Sentence } from "./Sentence";

/** All alerts, the newest first, with whom they were sent to. */
export function AlertList() {
  const t = useT("health");
  const read = useRead();
  const unread = useUnread();
  const found = useInfiniteQuery({
    queryKey: ["alerts", "list"],
    queryFn: ({ pageParam }) => call(api.GET("/alerts", { params: { query: { cursor: pageParam, limit: 50 } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
  });
  const items = found.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <>
      <PageHead
        title={t("tab.alerts")}
        answer={unread > 0 ? t("alert.unread", { n: unread }) : t("alert.all_read")}
        actions={unread > 0 && items[0] && <Button onClick={() => items[0] && void read(items[0].id, true)}>{t("bell.read_all")}</Button>}
      />
      <Card>
        {found.isPending && <Loading rows={5} />}
        {found.isError && <ErrorState error={found.error} retry={() => void found.refetch()} />}
        {found.isSuccess && items.length === 0 && <EmptyState title={t("alert.none")} text={t("alert.none_text")} />}
        <ol className="alert-list">
          {items.map((a) => (
            <Row key={a.id} a={a} read={() => void read(a.id)} />
          ))}
        </ol>
        {found.hasNextPage && (
          <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t("more")}
          </Button>
        )}
      </Card>
    </>
  );
}

function Row({ a, read }: { a: HealthAlert; read: () => void }) {
  const t = useT("health");
  const operator = useMay("operator");
  const [open, setOpen] = useState(false);
  return (
    <li className={a.read ? "" : "unread"}>
      <div className="row">
        <span className="grow">
          <Sentence a={a} />
        </span>
        <span className="muted">
          <Ago at={a.at} />
        </span>
      </div>
      <div className="row alert-actions">
        <Link to="/insight/health" search={{ tab: "anomalies", ...searchOf({ last: 90, sensitivity: "medium" }) }} onClick={() => !a.read && read()}>
          {t("alert.look")}
        </Link>
        {!a.read && (
          <Button type="link" size="small" onClick={read}>
            {t("alert.read")}
          </Button>
        )}
        {operator && (
          <Button type="link" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t("alert.sent")}
          </Button>
        )}
      </div>
      {open && <Deliveries alert={a.id} />}
    </li>
  );
}

function Deliveries({ alert }: { alert: number }) {
  const t = useT("health");
  const lang = useLang();
  const client = useQueryClient();
  const { message } = App.useApp();
  const key = ["alerts", "deliveries", alert];
  const found = useQuery({ queryKey: key, queryFn: () => call(api.GET("/alerts/{id}/deliveries", { params: { path: { id: alert } } })), refetchInterval: 5_000 });
  const again = useMutation({
    mutationFn: (id: number) => call(api.POST("/alert-deliveries/{id}/resend", { params: { path: { id }, query: { language: lang } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
    onError: (err) => void message.error(explain(err)),
  });
  return (
    <Await query={found} rows={2}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="muted">{t("delivery.none")}</p>
        ) : (
          <ul className="deliveries">
            {items.map((d) => (
              <li key={d.id}>
                <span className={`badge ${d.state === "delivered" ? "good" : d.state === "failed" ? "bad" : "lake"}`}>{t(`delivery.${d.state}`)}</span> {t(`delivery.way.${d.way}`)} {d.way === "email" ? d.target : <code>{d.target}</code>}
                <span className="muted">
                  {" "}
                  · {t("delivery.tries", { n: d.attempts })}
                  {d.status > 0 && ` · HTTP ${d.status}`}
                  {d.note !== "" && ` · ${d.note}`}
                </span>
                {d.state === "failed" && (
                  <Button type="link" size="small" onClick={() => again.mutate(d.id)}>
                    {t("delivery.again")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )
      }
    </Await>
  );
}
