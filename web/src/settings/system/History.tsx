import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { api, call } from "../../api/client";
import type { Settings, Version } from "../../api/types";
import { useT } from "../../app/i18n";
import { sessionQuery, useMay } from "../../app/session";
import { Ago } from "../../ui/Ago";
import { Card } from "../../ui/PageHead";
import { Await, EmptyState, explain } from "../../ui/states";
import { changes } from "./changes";
import { Diff } from "./Diff";

const path = { kind: "settings", key: "pool" };

/** Every version of the settings, what it changed and by whom; any of them can be made the present one again. */
export function History() {
  const t = useT("system");
  const owner = useMay("owner");
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const versions = useQuery({
    queryKey: ["versions", "settings", "pool"],
    queryFn: () => call(api.GET("/definitions/{kind}/{key}/versions", { params: { path } })),
  });
  const rollback = useMutation({
    mutationFn: (version: number) => call(api.POST("/definitions/{kind}/{key}/rollback", { params: { path }, body: { version } })),
    onSuccess: async () => {
      void message.success(t("history.done"));
      for (const key of ["versions", "settings", "overview"]) void client.invalidateQueries({ queryKey: [key] });
      await client.refetchQueries({ queryKey: sessionQuery.queryKey });
    },
    onError: (err) => void message.error(explain(err)),
  });
  const ask = (v: Version, now: Version) =>
    modal.confirm({
      title: t("history.ask", { version: v.version }),
      icon: null,
      width: 520,
      content: (
        <>
          <p className="save-effect">{t("history.effect")}</p>
          <Diff changes={changes(now.spec as unknown as Settings, { ...(now.spec as unknown as Settings), ...v.spec })} />
        </>
      ),
      okText: t("history.go"),
      onOk: () => rollback.mutateAsync(v.version).catch(() => undefined),
    });

  return (
    <Await query={versions}>
      {({ items }) => (
        <Card title={t("tab.history")} note={t("history.note")}>
          {items.length === 0 && <EmptyState title={t("history.none")} text={t("history.none_text")} />}
          <ol className="versions">
            {items.map((v, i) => (
              <li key={v.version}>
                <div className="version-head">
                  <b>{t("history.version", { version: v.version })}</b>
                  {i === 0 && <span className="version-now">{t("history.now")}</span>}
                  <span className="muted">
                    {v.author === "system" ? t("team:audit.system") : v.author} · <Ago at={v.at} />
                  </span>
                  <span className="grow" />
                  {owner && i > 0 && items[0] && Object.keys(v.spec).length > 0 && (
                    <Button size="small" onClick={() => items[0] && ask(v, items[0])}>
                      {t("history.go")}
                    </Button>
                  )}
                </div>
                {v.note && <p className="muted">{v.note}</p>}
                {v.diff.length > 0 ? <Diff changes={v.diff} /> : <p className="muted">{t(i === items.length - 1 ? "history.first" : "history.same")}</p>}
              </li>
            ))}
          </ol>
        </Card>
      )}
    </Await>
  );
}
