import { MoreOutlined, PlusOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { App, Button, Dropdown, Select } from "antd";
import { useState } from "react";
import { api, call } from "../../api/client";
import type { Role, User } from "../../api/types";
import { useT } from "../../app/i18n";
import { useSession } from "../../app/session";
import { ActButton } from "../../ui/ActButton";
import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { DataList, wholeList, type Column } from "../../ui/DataList";
import { explain } from "../../ui/states";
import { AddMember } from "./AddMember";
import { ResetPassword } from "./ResetPassword";

export const humanRoles: Role[] = ["owner", "operator", "analyst", "service"];

type Change = { id: number; role?: Role; disabled?: boolean };

/** Who may sign in, and as what. */
export function Members({ users, owner }: { users: UseQueryResult<{ items: User[] }>; owner: boolean }) {
  const t = useT("team");
  const me = useSession().user;
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const [adding, setAdding] = useState(false);
  const [resetting, setResetting] = useState<User | null>(null);
  const [q, setQ] = useState("");

  const change = useMutation({
    mutationFn: ({ id, ...body }: Change) => call(api.PATCH("/users/{id}", { params: { path: { id } }, body })),
    onSuccess: (user) => {
      client.setQueryData<{ items: User[] }>(["users"], (old) => old && { items: old.items.map((u) => (u.id === user.id ? user : u)) });
      void message.success(t("ui:saved"));
    },
    onError: (err) => void message.error(explain(err)),
  });

  const setDisabled = (u: User) =>
    modal.confirm({
      title: t(u.disabled ? "enable.title" : "disable.title", { name: u.name }),
      content: t(u.disabled ? "enable.text" : "disable.text"),
      okText: t(u.disabled ? "enable.go" : "disable.go"),
      okButtonProps: { danger: !u.disabled },
      onOk: () => change.mutateAsync({ id: u.id, disabled: !u.disabled }).catch(() => undefined),
    });
  const setRole = (u: User, role: Role) =>
    modal.confirm({
      title: t("role.title", { name: u.name, role: t(`app:role.${role}`) }),
      content: t(`role.can.${role}`),
      okText: t("role.go"),
      onOk: () => change.mutateAsync({ id: u.id, role }).catch(() => undefined),
    });

  const columns: Column<User>[] = [
    {
      key: "name",
      title: t("members.name"),
      csv: (u) => u.name,
      render: (u) => (
        <span className="member">
          <span className="avatar" aria-hidden>
            {[...u.name][0]?.toUpperCase()}
          </span>
          <span>
            <b>{u.name}</b>
            {u.id === me.id && <small> {t("members.you")}</small>}
            <small className="member-mail">{u.email}</small>
          </span>
        </span>
      ),
    },
    {
      key: "role",
      title: t("members.role"),
      csv: (u) => u.role,
      render: (u) =>
        owner && u.id !== me.id && !u.disabled ? (
          <Select
            variant="filled"
            value={u.role}
            aria-label={t("members.role_of", { name: u.name })}
            popupMatchSelectWidth={false}
            style={{ minWidth: 108 }}
            options={humanRoles.map((r) => ({ value: r, label: t(`app:role.${r}`) }))}
            onChange={(r) => setRole(u, r)}
          />
        ) : (
          t(`app:role.${u.role}`)
        ),
    },
    {
      key: "state",
      title: t("members.state"),
      csv: (u) => t(u.disabled ? "members.disabled" : "members.enabled"),
      render: (u) => <Badge tone={u.disabled ? "quiet" : "good"}>{t(u.disabled ? "members.disabled" : "members.enabled")}</Badge>,
    },
    { key: "seen", title: t("members.seen"), csv: (u) => u.last_seen_at, render: (u) => <Ago at={u.last_seen_at} /> },
    { key: "created", title: t("members.created"), csv: (u) => u.created_at, render: (u) => <Ago at={u.created_at} />, shown: false },
  ];
  if (owner) {
    columns.push({
      key: "act",
      title: "",
      render: (u) =>
        u.id === me.id ? null : (
          <Dropdown
            trigger={["click"]}
            menu={{
              items: [
                { key: "password", label: t("reset.title_short"), onClick: () => setResetting(u) },
                { key: "disabled", label: t(u.disabled ? "enable.go" : "disable.go"), danger: !u.disabled, onClick: () => setDisabled(u) },
              ],
            }}
          >
            <Button type="text" icon={<MoreOutlined aria-hidden />} aria-label={t("members.more", { name: u.name })} />
          </Dropdown>
        ),
    });
  }

  const source = wholeList(users);
  const match = (u: User) => `${u.name} ${u.email}`.toLowerCase().includes(q.toLowerCase());
  return (
    <>
      <DataList<User>
        id="team"
        source={{ ...source, data: source.data && { pages: [{ items: source.data.pages.flatMap((p) => p.items).filter(match) }] } }}
        columns={columns}
        rowKey={(u) => u.id}
        search={{ value: q, onChange: setQ, placeholder: t("members.search") }}
        onClearChips={() => setQ("")}
        actions={
          owner && (
            <ActButton icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>
              {t("add.title")}
            </ActButton>
          )
        }
        empty={null}
      />
      {!owner && <p className="muted team-hint">{t("members.owner_only")}</p>}
      {adding && <AddMember onClose={() => setAdding(false)} />}
      {resetting && <ResetPassword user={resetting} onClose={() => setResetting(null)} />}
    </>
  );
}
