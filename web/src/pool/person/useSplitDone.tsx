import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button } from "antd";
import { useCallback } from "react";
import { api, call } from "../../api/client";
import type { Person } from "../../api/types";
import { useT } from "../../app/i18n";
import { explain } from "../../ui/states";
import { calledOf } from "../people/name";

/** Tells that a person was split, shows the way to the other one and offers to undo it. */
export function useSplitDone(): (people: Person[], here: number) => void {
  const t = useT("person");
  const { notification, message } = App.useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  return useCallback(
    (people, here) => {
      const key = `split-${here}`;
      const others = people.filter((p) => p.id !== here);
      // drawn outside the router, so no Link
      const go = (id: number) => {
        notification.destroy(key);
        void navigate({ to: "/pool/people/$id", params: { id: String(id) }, search: {} });
      };
      const undo = async () => {
        notification.destroy(key);
        try {
          // what an operator cut stays cut, unless an operator insists
          await call(api.POST("/people/merge", { body: { people: people.map((p) => p.id), reason: t("unmerge.undo_reason"), force: true } }));
          await client.invalidateQueries({ queryKey: ["people"] });
          void message.success(t("unmerge.undone"));
        } catch (err) {
          void message.error(explain(err));
        }
      };
      notification.success({
        key,
        duration: 15,
        title: t("unmerge.done"),
        description: others.map((p) => (
          <div key={p.id}>
            <Button type="link" className="split-other" onClick={() => go(p.id)}>
              {calledOf(p) || t("people:nameless", { id: p.id })}
            </Button>
          </div>
        )),
        actions: (
          <Button size="small" onClick={() => void undo()}>
            {t("unmerge.undo")}
          </Button>
        ),
      });
    },
    [t, notification, message, client, navigate],
  );
}
