import { MoreOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Dropdown } from "antd";
import { useState } from "react";
import { api, apiBase, call } from "../../api/client";
import type { DefinitionState, Segment } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { explain } from "../../ui/states";
import { TagPeopleDialog } from "../tag/TagPeople";
import { SnapshotDialog } from "./SnapshotDialog";

/** What can be done with a segment as a whole. */
export function SegmentActions({ segment: s }: { segment: Segment }) {
  const t = useT("segment");
  const may = useMay("operator");
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message, modal } = App.useApp();
  const [open, setOpen] = useState<"snapshot" | "tag">();
  const state = useMutation({
    mutationFn: (to: DefinitionState) => call(api.POST("/segments/{key}/state", { params: { path: { key: s.key } }, body: { state: to } })),
    onSuccess: async (_, to) => {
      void message.success(t("definition:act.done"));
      await client.invalidateQueries({ queryKey: ["segments"] });
      if (to === "archived") void navigate({ to: "/pool/segments" });
    },
    onError: (err) => void message.error(explain(err)),
  });
  const ask = (to: "paused" | "archived") =>
    modal.confirm({
      title: t(to === "paused" ? "definition:act.ask_pause" : "definition:act.ask_archive", { title: s.title }),
      icon: null,
      content: t(to === "paused" ? "definition:act.pause_text" : "definition:act.archive_text"),
      okText: t(to === "paused" ? "definition:act.pause" : "definition:act.archive"),
      onOk: () => state.mutateAsync(to).catch(() => undefined),
    });
  const live = s.mode === "live";
  const items = [
    ...(may && live && s.state === "active" ? [{ key: "pause", label: t("definition:act.pause"), onClick: () => ask("paused") }] : []),
    ...(may && s.state !== "active" ? [{ key: "activate", label: t("definition:act.activate"), onClick: () => state.mutate("active") }] : []),
    ...(may && live ? [{ key: "snapshot", label: t("snapshot.action"), onClick: () => setOpen("snapshot") }] : []),
    ...(may ? [{ key: "tag", label: t("tag_all"), onClick: () => setOpen("tag") }] : []),
    { key: "overlap", label: t("overlap.with"), onClick: () => void navigate({ to: "/pool/segments/overlap", search: { s: [s.key] } }) },
    { key: "export", label: <a href={`${apiBase}/segments/${encodeURIComponent(s.key)}/export.csv`}>{t("definition:act.export")}</a> },
    ...(may && s.state !== "archived" ? [{ type: "divider" as const }, { key: "archive", danger: true, label: t("definition:act.archive"), onClick: () => ask("archived") }] : []),
  ];
  return (
    <>
      <Dropdown trigger={["click"]} menu={{ items }}>
        <Button icon={<MoreOutlined aria-hidden />} aria-label={t("definition:act.more")} loading={state.isPending && { delay: 300 }} />
      </Dropdown>
      {open === "snapshot" && <SnapshotDialog segment={s} onClose={() => setOpen(undefined)} />}
      {open === "tag" && <TagPeopleDialog segment={{ key: s.key, title: s.title, people: s.people }} onClose={() => setOpen(undefined)} />}
    </>
  );
}
