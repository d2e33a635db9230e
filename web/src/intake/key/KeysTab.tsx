import { PlusOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Table } from "antd";
import { useState } from "react";
import { api, call } from "../../api/client";
import type { Key } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { Ago } from "../../ui/Ago";
import { Card } from "../../ui/PageHead";
import { Pill } from "../../ui/Pill";
import { Await, EmptyState, explain } from "../../ui/states";
import { keysQuery } from "./keysQuery";
import { NewKeyDialog } from "./NewKeyDialog";

/** Write keys for sending events, API keys for programs that read or act. */
export function KeysTab() {
  const t = useT("key");
  const query = useQuery(keysQuery);
  const mayManage = useMay("owner");
  const [making, setMaking] = useState<Key["kind"]>();
  return (
    <div className="stack">
      {(["write", "api"] as const).map((kind) => (
        <Card
          key={kind}
          title={t(`${kind}.title`)}
          note={t(`${kind}.note`)}
          actions={
            mayManage && (
              <Button icon={<PlusOutlined aria-hidden />} onClick={() => setMaking(kind)}>
                {t(`${kind}.create`)}
              </Button>
            )
          }
        >
          <Await query={query} rows={3}>
            {(keys) => <KeyTable kind={kind} keys={keys.filter((k) => k.kind === kind)} />}
          </Await>
        </Card>
      ))}
      {making !== undefined && <NewKeyDialog kind={making} onClose={() => setMaking(undefined)} />}
    </div>
  );
}

function KeyTable({ kind, keys }: { kind: Key["kind"]; keys: Key[] }) {
  const t = useT("key");
  const { modal, message } = App.useApp();
  const client = useQueryClient();
  const mayManage = useMay("owner");
  const revoke = useMutation({
    mutationFn: (id: number) => call(api.DELETE("/keys/{id}", { params: { path: { id } } })),
    onSuccess: async () => {
      void message.success(t("revoked_done"));
      await client.invalidateQueries({ queryKey: keysQuery.queryKey });
    },
    onError: (err) => void message.error(explain(err)),
  });
  const ask = (k: Key) =>
    modal.confirm({
      title: t("revoke_title", { name: k.name }),
      content: t(`${kind}.revoke_text`),
      okText: t("revoke"),
      okButtonProps: { danger: true },
      cancelText: t("ui:cancel"),
      onOk: () => revoke.mutateAsync(k.id).catch(() => undefined),
    });
  if (keys.length === 0) return <EmptyState title={t(`${kind}.none`)} text={t(`${kind}.none_text`)} />;
  const sorted = [...keys].sort((a, b) => Number(a.revoked_at !== null) - Number(b.revoked_at !== null) || b.id - a.id);
  return (
    <Table<Key>
      dataSource={sorted}
      rowKey="id"
      size="middle"
      pagination={false}
      scroll={{ x: "max-content" }}
      columns={[
        { title: t("col.name"), render: (_, k) => <span className={k.revoked_at ? "revoked" : undefined}>{k.name}</span> },
        { title: t("col.prefix"), render: (_, k) => <code>{k.prefix}…</code> },
        ...(kind === "api" ? [{ title: t("col.role"), render: (_: unknown, k: Key) => (k.role === "" ? "" : t(`app:role.${k.role}`)) }] : []),
        { title: t("col.used"), render: (_, k) => (k.last_used_at ? <Ago at={k.last_used_at} /> : <span className="muted">{t("never")}</span>) },
        {
          title: t("col.created"),
          render: (_, k) => (
            <>
              <Ago at={k.created_at} /> <span className="muted">{k.created_by === "system" ? t("team:audit.system") : k.created_by}</span>
            </>
          ),
        },
        {
          title: "",
          align: "right",
          render: (_, k) =>
            k.revoked_at !== null ? (
              <Pill>{t("revoked")}</Pill>
            ) : (
              <span className="row" style={{ justifyContent: "flex-end" }}>
                {kind === "write" && (
                  <Link to="/settings/intake/install" search={{ key: String(k.id) }}>
                    {t("snippets")}
                  </Link>
                )}
                {mayManage && (
                  <Button type="text" size="small" danger onClick={() => ask(k)}>
                    {t("revoke")}
                  </Button>
                )}
              </span>
            ),
        },
      ]}
    />
  );
}
