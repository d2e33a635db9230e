import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button } from "antd";
import { api, call } from "../../api/client";
import type { Conflict } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { Ago } from "../../ui/Ago";
import { Pill } from "../../ui/Pill";
import { explain } from "../../ui/states";
import { IdentityTag } from "../kind/IdentityTag";
import { useKindTitle } from "../kind/kinds";
import "./conflict.css";

const tones = { open: "act", merged: "teal", dismissed: "quiet" } as const;

/** A case that the system did not decide: who, why, what usually is right, and the two answers. */
export function ConflictCard({ conflict: c, here }: { conflict: Conflict; here?: number }) {
  const t = useT("conflict");
  const kind = useKindTitle();
  const mayOperate = useMay("operator");
  const { modal, message } = App.useApp();
  const client = useQueryClient();
  const resolve = useMutation({
    mutationFn: (action: "merge" | "dismiss") => call(api.POST("/conflicts/{id}/resolve", { params: { path: { id: c.id } }, body: { action } })),
    onSuccess: async (_, action) => {
      void message.success(t(action === "merge" ? "merged_done" : "dismissed_done"));
      await Promise.all([client.invalidateQueries({ queryKey: ["conflicts"] }), client.invalidateQueries({ queryKey: ["people"] })]);
    },
    onError: (err) => void message.error(explain(err)),
  });
  const merge = () =>
    modal.confirm({
      title: t("merge_title"),
      content: t("merge_text"),
      okText: t("merge_ok"),
      okButtonProps: { danger: true },
      cancelText: t("ui:cancel"),
      onOk: () => resolve.mutateAsync("merge").catch(() => undefined),
    });

  return (
    <article className="conflict">
      <div className="conflict-head">
        <b>{t(`kind.${c.kind}`, { kind: kind(c.on.kind) })}</b>
        <Pill tone={tones[c.state]}>{t(`state.${c.state}`)}</Pill>
        <span className="grow" />
        <span className="muted">
          <Ago at={c.at} />
        </span>
      </div>
      <div className="conflict-sides">
        <Side side={c.a} here={here} />
        <span className="conflict-vs" aria-hidden>
          ≠
        </span>
        <Side side={c.b} here={here} />
      </div>
      <p>{t(`why.${c.kind}`, { kind: kind(c.on.kind), a: c.on.a_value, b: c.on.b_value })}</p>
      {c.state === "open" && <p className="muted">{t(`advise.${c.kind}`)}</p>}
      <div className="row conflict-foot">
        {c.state === "open" && mayOperate && (
          <>
            <Button size="small" onClick={() => resolve.mutate("dismiss")} disabled={resolve.isPending}>
              {t("dismiss")}
            </Button>
            <Button size="small" type="text" danger onClick={merge} disabled={resolve.isPending}>
              {t("merge")}
            </Button>
          </>
        )}
        <span className="grow" />
        <span className="muted conflict-event">
          {c.state !== "open" && c.author !== "" ? t("by", { author: c.author }) : c.event_id !== "" && t("event", { id: c.event_id })}
        </span>
      </div>
    </article>
  );
}

function Side({ side, here }: { side: Conflict["a"]; here?: number }) {
  const t = useT("conflict");
  return (
    <div className="conflict-side">
      <IdentityTag identity={side} />
      {side.person > 0 &&
        (side.person === here ? (
          <span className="muted">{t("person", { id: side.person })}</span>
        ) : (
          <Link to="/pool/people/$id" params={{ id: String(side.person) }}>
            {t("person", { id: side.person })}
          </Link>
        ))}
    </div>
  );
}
