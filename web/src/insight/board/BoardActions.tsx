import { EditOutlined, FullscreenOutlined, MailOutlined, MoreOutlined, ReloadOutlined, ShareAltOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { App, Button, Drawer, Dropdown, Input, Modal } from "antd";
import { lazy, Suspense, useState } from "react";
import type { Board, Filters, ShelfState } from "../../api/boards";
import { api, call, once } from "../../api/client";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { FormFault } from "../../auth/fault";
import { Versions } from "../../pool/definition/Versions";
import { ActButton } from "../../ui/ActButton";
import { explain } from "../../ui/states";
import { boardsChanged } from "./queries";

const ShareDrawer = lazy(async () => ({ default: (await import("./ShareDrawer")).ShareDrawer }));
const ReportsDrawer = lazy(async () => ({ default: (await import("./ReportsDrawer")).ReportsDrawer }));

/** What can be done with a board as a whole. */
export function BoardActions({ board, filters, onRefresh, onWall }: { board: Board; filters: Filters; onRefresh: () => void; onWall: () => void }) {
  const t = useT("board");
  const may = useMay("operator");
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [open, setOpen] = useState<"share" | "reports" | "versions" | "duplicate">();
  const close = () => setOpen(undefined);
  const state = useMutation({
    mutationFn: (to: ShelfState) => call(api.POST("/insight/boards/{key}/state", { params: { path: { key: board.key } }, body: { state: to } })),
    onSuccess: async (_, to) => {
      await boardsChanged(client);
      const key = `board-${board.key}`;
      if (to === "active") return void message.success({ key, content: t("act.back") });
      void navigate({ to: "/insight/boards" });
      void message.success({
        key,
        duration: 8,
        content: (
          <>
            {t("act.gone", { title: board.title })}{" "}
            <Button type="link" size="small" onClick={() => state.mutate("active")}>
              {t("undo")}
            </Button>
          </>
        ),
      });
    },
    onError: (err) => void message.error(explain(err)),
  });
  if (board.state === "archived")
    return (
      may && (
        <Button type="primary" onClick={() => state.mutate("active")}>
          {t("act.restore")}
        </Button>
      )
    );
  return (
    <>
      <Button icon={<ReloadOutlined aria-hidden />} aria-label={t("act.refresh")} title={t("act.refresh")} onClick={onRefresh} />
      <Button className="wide-only" icon={<FullscreenOutlined aria-hidden />} aria-label={t("act.wall")} title={t("act.wall")} onClick={onWall} />
      {may && (
        <>
          <Button icon={<MailOutlined aria-hidden />} onClick={() => setOpen("reports")}>
            {t("act.reports")}
          </Button>
          <Button icon={<ShareAltOutlined aria-hidden />} onClick={() => setOpen("share")}>
            {t("act.share")}
          </Button>
          <Link to="/insight/boards/$key" params={{ key: board.key }} search={{ edit: "1" }}>
            <ActButton tabIndex={-1} icon={<EditOutlined aria-hidden />}>
              {t("act.edit")}
            </ActButton>
          </Link>
        </>
      )}
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            ...(may ? [{ key: "duplicate", label: t("act.duplicate"), onClick: () => setOpen("duplicate") }] : []),
            { key: "versions", label: t("definition:versions.title"), onClick: () => setOpen("versions") },
            ...(may ? [{ key: "archive", label: t("act.remove"), onClick: () => state.mutate("archived") }] : []),
          ],
        }}
      >
        <Button icon={<MoreOutlined aria-hidden />} aria-label={t("act.more")} />
      </Dropdown>
      {open === "versions" && (
        <Drawer open size={640} title={t("definition:versions.title")} onClose={close}>
          <Versions kind="board" id={board.key} onDone={() => void boardsChanged(client)} />
        </Drawer>
      )}
      {open === "duplicate" && <Duplicate board={board} onClose={close} />}
      <Suspense>
        {open === "share" && <ShareDrawer board={board} filters={filters} onClose={close} />}
        {open === "reports" && <ReportsDrawer board={board} onClose={close} />}
      </Suspense>
    </>
  );
}

function Duplicate({ board, onClose }: { board: Board; onClose: () => void }) {
  const t = useT("board");
  const client = useQueryClient();
  const navigate = useNavigate();
  const [title, setTitle] = useState(t("duplicate.name", { title: board.title }).slice(0, 80));
  const [key] = useState(once);
  const make = useMutation({
    mutationFn: () => call(api.POST("/insight/boards/{key}/duplicate", { params: { path: { key: board.key }, header: { "Idempotency-Key": key } }, body: { title: title.trim() } })),
    onSuccess: async (made) => {
      await boardsChanged(client);
      onClose();
      void navigate({ to: "/insight/boards/$key", params: { key: made.key }, search: {} });
    },
  });
  return (
    <Modal open title={t("act.duplicate")} onCancel={onClose} okText={t("duplicate.go")} okButtonProps={{ disabled: title.trim() === "" }} confirmLoading={make.isPending} onOk={() => make.mutate()}>
      <div className="dialog-stack">
        <FormFault error={make.error} />
        <Input autoFocus value={title} maxLength={80} aria-label={t("field.title")} onChange={(e) => setTitle(e.target.value)} onPressEnter={() => title.trim() !== "" && make.mutate()} />
      </div>
    </Modal>
  );
}
