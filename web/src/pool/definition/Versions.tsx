import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { api, call } from "../../api/client";
import type { Change, Version } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { Ago } from "../../ui/Ago";
import { Await, EmptyState, explain } from "../../ui/states";
import { pieces } from "./diff";
import "./definition.css";

/** Every version of a segment, tag or tier: who changed what, and the way back to it. */
export function Versions({ kind, id, onDone }: { kind: string; id: string; onDone?: () => void }) {
  const t = useT("definition");
  const may = useMay("operator");
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const path = { kind, key: id };
  const versions = useQuery({ queryKey: ["versions", kind, id], queryFn: () => call(api.GET("/definitions/{kind}/{key}/versions", { params: { path } })) });
  const rollback = useMutation({
    mutationFn: (version: number) => call(api.POST("/definitions/{kind}/{key}/rollback", { params: { path }, body: { version } })),
    onSuccess: () => {
      void message.success(t("versions.done"));
      void client.invalidateQueries({ queryKey: ["versions", kind, id] });
      onDone?.();
    },
    onError: (err) => void message.error(explain(err)),
  });
  const ask = (v: Version, now: Version) =>
    modal.confirm({
      title: t("versions.ask", { version: v.version }),
      icon: null,
      width: 640,
      content: (
        <div className="dialog-stack">
          <p>{t("versions.effect")}</p>
          <Changes changes={between(now.spec, v.spec)} />
        </div>
      ),
      okText: t("versions.go"),
      onOk: () => rollback.mutateAsync(v.version).catch(() => undefined),
    });
  return (
    <Await query={versions}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title={t("versions.none")} />
        ) : (
          <ol className="def-versions">
            {items.map((v, i) => (
              <li key={v.version}>
                <div className="def-version-head">
                  <b>{t("versions.version", { version: v.version })}</b>
                  {i === 0 && <span className="pill teal">{t("versions.now")}</span>}
                  <span className="muted">
                    {v.author === "system" ? t("team:audit.system") : v.author} · <Ago at={v.at} />
                  </span>
                  <span className="grow" />
                  {may && i > 0 && items[0] && (
                    <Button size="small" onClick={() => items[0] && ask(v, items[0])}>
                      {t("versions.go")}
                    </Button>
                  )}
                </div>
                {v.note && <p>{v.note}</p>}
                {v.diff.length > 0 ? <Changes changes={v.diff} /> : <p className="muted">{t(i === items.length - 1 ? "versions.first" : "versions.same")}</p>}
              </li>
            ))}
          </ol>
        )
      }
    </Await>
  );
}

/** What would change from one spec to another, member by member. */
export function between(from: Record<string, unknown>, to: Record<string, unknown>): Change[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((k) => JSON.stringify(from[k]) !== JSON.stringify(to[k]))
    .map((k) => ({ path: `/${k}`, from: from[k], to: to[k] }));
}

const text = (v: unknown): string => (v === undefined || v === null || v === "" ? "—" : typeof v === "object" ? JSON.stringify(v) : String(v));

function Changes({ changes }: { changes: Change[] }) {
  const t = useT("definition");
  const name = (path: string) => {
    // "levels.0.rule" and "levels[0].rule" are the rule of the first level
    const parts = path.split(/[/.[\]]+/).filter(Boolean);
    const word = (part: string) => (/^\d+$/.test(part) ? `${Number(part) + 1}` : t(`field.${part}`, { defaultValue: part }));
    return parts.map(word).join(" · ");
  };
  return (
    <ul className="def-diff">
      {changes.map((c) => (
        <li key={c.path}>
          <span className="muted">{name(c.path)}</span>
          <p>
            {pieces(text(c.from), text(c.to)).map((p, i) => (p.kind === "same" ? <span key={i}>{p.text}</span> : p.kind === "del" ? <del key={i}>{p.text}</del> : <ins key={i}>{p.text}</ins>))}
          </p>
        </li>
      ))}
    </ul>
  );
}
