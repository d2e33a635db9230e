import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Drawer, Form, Input, Select } from "antd";
import { useState } from "react";
import type { Board, Filters, Share } from "../../api/boards";
import { api, call } from "../../api/client";
import { useT } from "../../app/i18n";
import { FormFault } from "../../auth/fault";
import { minPassword } from "../../auth/password";
import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { CopyButton } from "../../ui/CopyText";
import { useFmt } from "../../ui/format";
import { Await, EmptyState, explain } from "../../ui/states";
import { sharesQuery } from "./queries";

const lives = [1, 7, 30, 90, 365] as const;
const dayMs = 86_400_000;

/** Links that show the board without sign-in: made here, listed, and ended. */
export function ShareDrawer({ board, filters, onClose }: { board: Board; filters: Filters; onClose: () => void }) {
  const t = useT("board");
  const client = useQueryClient();
  const query = useQuery(sharesQuery(board.key));
  const [link, setLink] = useState<string>();
  return (
    <Drawer open size={640} title={t("share.title", { title: board.title })} onClose={onClose}>
      <div className="stack">
        <p className="muted">{t("share.text")}</p>
        {link && (
          <Alert
            type="success"
            showIcon
            title={t("share.made")}
            description={
              <div className="stack-s">
                <p>{t("share.once")}</p>
                <div className="board-link">
                  <code data-testid="share-link">{link}</code>
                  <CopyButton text={link} />
                </div>
              </div>
            }
          />
        )}
        <NewLink
          board={board}
          filters={filters}
          onMade={(token) => {
            setLink(`${location.origin}/shared#${token}`);
            void client.invalidateQueries({ queryKey: sharesQuery(board.key).queryKey });
          }}
        />
        <Await query={query}>{({ items }) => (items.length === 0 ? <EmptyState title={t("share.none")} /> : <ul className="board-list">{items.map((s) => <Link key={s.id} share={s} board={board.key} />)}</ul>)}</Await>
      </div>
    </Drawer>
  );
}

function NewLink({ board, filters, onMade }: { board: Board; filters: Filters; onMade: (token: string) => void }) {
  const t = useT("board");
  const [title, setTitle] = useState("");
  const [life, setLife] = useState<number>(30);
  const [password, setPassword] = useState("");
  const make = useMutation({
    mutationFn: () =>
      call(
        api.POST("/insight/boards/{key}/shares", {
          params: { path: { key: board.key } },
          body: { title: title.trim() || undefined, expires_at: new Date(Date.now() + life * dayMs).toISOString(), password: password || undefined, filters },
        }),
      ),
    onSuccess: (made) => {
      setTitle("");
      setPassword("");
      onMade(made.token);
    },
  });
  const weak = password !== "" && password.length < minPassword;
  return (
    <Form layout="vertical" className="card board-form" onFinish={() => !weak && make.mutate()}>
      <FormFault error={make.error} />
      <div className="board-fields">
        <Form.Item label={t("share.for")}>
          <Input value={title} maxLength={80} placeholder={t("share.for_example")} aria-label={t("share.for")} onChange={(e) => setTitle(e.target.value)} />
        </Form.Item>
        <Form.Item label={t("share.life")}>
          <Select value={life} aria-label={t("share.life")} onChange={setLife} options={lives.map((n) => ({ value: n, label: t("share.days", { count: n, n }) }))} />
        </Form.Item>
        <Form.Item label={t("share.password")} validateStatus={weak ? "error" : undefined} help={weak ? t("share.short", { n: minPassword }) : undefined}>
          <Input.Password value={password} maxLength={200} autoComplete="new-password" placeholder={t("share.no_password")} aria-label={t("share.password")} onChange={(e) => setPassword(e.target.value)} />
        </Form.Item>
      </div>
      <p className="muted">{t("share.filters")}</p>
      <div>
        <Button type="primary" htmlType="submit" disabled={weak} loading={make.isPending && { delay: 300 }}>
          {t("share.go")}
        </Button>
      </div>
    </Form>
  );
}

function Link({ share: s, board }: { share: Share; board: string }) {
  const t = useT("board");
  const fmt = useFmt();
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const revoke = useMutation({
    mutationFn: () => call(api.DELETE("/insight/shares/{id}", { params: { path: { id: s.id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: sharesQuery(board).queryKey }),
    onError: (err) => void message.error(explain(err)),
  });
  const over = new Date(s.expires_at).getTime() <= Date.now();
  const lives = s.revoked_at === null && !over;
  return (
    <li>
      <div className="grow">
        <b>{s.title || t("share.untitled", { id: s.id })}</b> <Badge tone={lives ? "good" : "quiet"}>{t(s.revoked_at ? "share.revoked" : over ? "share.over" : "share.lives")}</Badge>
        <p className="muted">
          {s.author} · {t("share.until", { at: fmt.time(s.expires_at) })}
          {s.password && ` · ${t("share.locked")}`}
        </p>
        <p className="muted">
          {s.opened === 0 ? t("share.never") : t("share.opened", { count: s.opened, n: fmt.int(s.opened) })} {s.opened_at && <Ago at={s.opened_at} />}
        </p>
      </div>
      {lives && (
        <Button
          size="small"
          danger
          onClick={() => modal.confirm({ title: t("share.ask_revoke"), icon: null, content: t("share.revoke_text"), okText: t("share.revoke"), onOk: () => revoke.mutateAsync().catch(() => undefined) })}
        >
          {t("share.revoke")}
        </Button>
      )}
    </li>
  );
}
