import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button, Drawer, Input, Space } from "antd";
import { useState } from "react";
import { api, call, callWithETag } from "../../api/client";
import { asApiError } from "../../api/error";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { Loading } from "../../ui/states";
import { StepsField } from "../query/StepsField";
import type { Rung } from "./ladder";
import { wholeRungs } from "./query";
import { useRungName } from "./words";

// The client's hand-kept paths know no kinds of questions; see question.ts of the hall.
type Send = <T>(path: string, init: { body?: unknown; signal?: AbortSignal; headers?: Record<string, string> }) => Promise<{ data?: T; response: Response }>;
const get = api.GET as unknown as Send;
const put = api.PUT as unknown as Send;
const path = "/insight/ladder/definition";

interface Definition {
  rungs: Rung[];
  version: number;
}

export interface DefinitionDrawerProps {
  /** A ladder that is being tried out already. */
  trying?: Rung[];
  onTry: (rungs: Rung[]) => void;
  onSaved: () => void;
  onClose: () => void;
}

/** Says which of the brand's events are which rung; to try out, or for all. */
export function DefinitionDrawer({ trying, onTry, onSaved, onClose }: DefinitionDrawerProps) {
  const t = useT("ladder");
  const may = useMay("operator");
  const name = useRungName();
  const now = useQuery({ queryKey: ["ladder", "definition"], queryFn: ({ signal }) => callWithETag(get<Definition>(path, { signal })), staleTime: 0, gcTime: 0 });
  const [edited, setEdited] = useState<Rung[] | undefined>(trying);
  const rungs = edited ?? now.data?.data.rungs;
  const whole = rungs && wholeRungs(rungs);
  const save = useMutation({
    mutationFn: (r: Rung[]) => call(put<Definition>(path, { body: { rungs: r }, headers: now.data?.data.version ? { "If-Match": now.data.etag } : undefined })),
    onSuccess: onSaved,
  });
  const change = (i: number, next: Partial<Rung>) => setEdited(rungs?.map((r, k) => (k === i ? { ...r, ...next } : r)));
  return (
    <Drawer
      open
      size="large"
      title={t("edit.title")}
      onClose={onClose}
      footer={
        <Space>
          <Button disabled={!whole} onClick={() => whole && onTry(whole)}>
            {t("edit.try")}
          </Button>
          {may && (
            <Button type="primary" disabled={!whole} loading={save.isPending} onClick={() => whole && save.mutate(whole)}>
              {t("edit.save")}
            </Button>
          )}
        </Space>
      }
    >
      <p className="muted">{t("edit.help")}</p>
      {now.isError && <Alert type="error" showIcon title={asApiError(now.error).message} />}
      {save.isError && <Alert type="error" showIcon title={asApiError(save.error).message} />}
      {!rungs && now.isPending && <Loading />}
      {rungs?.map((r, i) => (
        <section key={r.key} className="ladder-edit">
          <h3>{t(`rung.${r.key}`)}</h3>
          <p className="muted">{t(`meaning.${r.key}`)}</p>
          <label>
            {t("edit.name")}
            <Input value={name(r)} maxLength={60} onChange={(e) => change(i, { title: e.target.value })} />
          </label>
          <StepsField value={r.steps} min={0} max={12} onChange={(steps) => change(i, { steps })} />
          <label>
            {t("edit.means")}
            <Input.TextArea autoSize={{ minRows: 2 }} value={r.means.join("\n")} placeholder={t("edit.means_help")} onChange={(e) => change(i, { means: e.target.value === "" ? [] : e.target.value.split("\n").slice(0, 8) })} />
          </label>
        </section>
      ))}
    </Drawer>
  );
}
