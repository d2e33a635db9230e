import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useEffect, useMemo, useState } from "react";
import type { SharedBoard, SharedItem } from "../../api/boards";
import { api, call } from "../../api/client";
import { asApiError } from "../../api/error";
import { useT } from "../../app/i18n";
import { Logo } from "../../app/Logo";
import { PrefsSwitch } from "../../app/menus";
import { useLang } from "../../app/prefs";
import { sessionQuery } from "../../app/session";
import { FormFault, useThrottle } from "../../auth/fault";
import { schemaQuery } from "../../pool/rule/schema";
import { useFmt } from "../../ui/format";
import { EmptyState, ErrorState, Loading } from "../../ui/states";
import { ChartItem } from "./ChartItem";
import { drawsItself } from "./DrawnChart";
import { Grid } from "./Grid";
import { TextBlock } from "./TextBlock";
import "./board.css";

/** A client of its own: a visitor has no session, and what a chart may ask besides is answered with nothing. */
function visitor(pool: { name: string; time_zone: string; currency: string }): QueryClient {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, refetchOnMount: true, staleTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData(sessionQuery.queryKey, { user: { id: 0, email: "", name: "", role: "service" }, csrf: "", pool: { ...pool, region: "", version: "", demo: false } } as never);
  client.setQueryData(schemaQuery.queryKey, { events: [], traits: [], tags: [], tag_groups: [], tiers: [], segments: [], kinds: [], channels: [], purposes: [], time_zone: pool.time_zone, currency: pool.currency, at: "" });
  return client;
}

/** The token after the "#", also when another link is opened in the same tab. */
function useToken(): string {
  const read = () => decodeURIComponent(location.hash.slice(1));
  const [token, setToken] = useState(read);
  useEffect(() => {
    const look = () => setToken(read());
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, []);
  return token;
}

/** A board behind a link. */
export function SharedPage() {
  const token = useToken();
  const client = useMemo(() => visitor({ name: "", time_zone: "Asia/Shanghai", currency: "CNY" }), []);
  return (
    <QueryClientProvider client={client}>
      <Opening key={token} token={token} />
    </QueryClientProvider>
  );
}

function Opening({ token }: { token: string }) {
  const t = useT("board");
  const [password, setPassword] = useState<string>();
  const query = useQuery({ queryKey: ["shared", token, password ?? ""], queryFn: ({ signal }) => call(api.POST("/shared/board", { body: { token, password }, signal })) });
  const code = query.isError ? asApiError(query.error).code : "";
  const locked = code === "share.password_needed" || code === "share.wrong_password" || (code === "auth.throttled" && password !== undefined);
  const wait = useThrottle(query.error);
  if (query.data) return <Shown board={query.data} token={token} />;
  return (
    <Frame>
      <div className="shared-gate">
        {locked ? (
          <Form layout="vertical" className="card board-form" onFinish={({ password: p }: { password?: string }) => (p === password ? void query.refetch() : setPassword(p))}>
            <h1>{t("shared.locked")}</h1>
            <p className="muted">{t("shared.locked_text")}</p>
            {code !== "share.password_needed" && <FormFault error={query.error} />}
            <Form.Item name="password" label={t("share.password")}>
              <Input.Password autoFocus autoComplete="off" aria-label={t("share.password")} />
            </Form.Item>
            <Button type="primary" htmlType="submit" disabled={wait > 0} loading={query.isFetching && { delay: 300 }}>
              {wait > 0 ? t("shared.wait", { seconds: wait }) : t("shared.open")}
            </Button>
          </Form>
        ) : code === "share.not_found" ? (
          <EmptyState title={t("shared.none")} text={t("shared.none_text")} />
        ) : query.isError ? (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading rows={8} />
        )}
      </div>
    </Frame>
  );
}

function Frame({ title, children }: { title?: string; children: React.ReactNode }) {
  const t = useT("board");
  return (
    <div className="shared">
      <header className="shared-top">
        <span className="brand">
          <Logo />
          <span className="brand-name">
            <b>{title ?? t("app:brand")}</b>
          </span>
        </span>
        <span className="grow" />
        <PrefsSwitch />
      </header>
      <main className="page">{children}</main>
    </div>
  );
}

function Shown({ board, token }: { board: SharedBoard; token: string }) {
  const client = useMemo(() => visitor({ name: board.pool, time_zone: board.time_zone, currency: board.currency }), [board]);
  return (
    <QueryClientProvider client={client}>
      <SharedView board={board} token={token} />
    </QueryClientProvider>
  );
}

function SharedView({ board, token }: { board: SharedBoard; token: string }) {
  const t = useT("board");
  const fmt = useFmt();
  const lang = useLang();
  useEffect(() => {
    document.title = `${board.title} · ${board.pool}`;
  }, [board]);
  const item = (i: SharedItem) => {
    if (i.kind === "")
      return (
        <div className="board-note">
          <TextBlock text={i.text ?? ""} />
        </div>
      );
    const table = !drawsItself(i.kind);
    return (
      <ChartItem
        title={i.title}
        description={i.description}
        askKey={["shared", i.id, lang, table]}
        ask={(signal) => call(api.POST("/shared/chart", { body: { token, pass: board.pass || undefined, item: i.id, lang, table: table || undefined }, signal }))}
        people={false}
      />
    );
  };
  return (
    <Frame title={board.pool}>
      <header className="page-head">
        <div className="grow">
          <h1>{board.title}</h1>
          {board.description !== "" && <p className="answer">{board.description}</p>}
        </div>
        <p className="muted">{t("shared.until", { at: fmt.time(board.expires_at) })}</p>
      </header>
      <Grid items={board.items} name={(i) => i.title || t("item.text")}>
        {item}
      </Grid>
    </Frame>
  );
}
