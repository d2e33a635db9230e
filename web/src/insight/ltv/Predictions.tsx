import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Progress } from "antd";
import { api, call } from "../../api/client";
import { asApiError } from "../../api/error";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import type { Writing } from "./ltv";
import { VerdictNote } from "./VerdictNote";

// The client's hand-kept paths know no kinds of questions; see question.ts of the hall.
type Send = <T>(path: string, init: { signal?: AbortSignal }) => Promise<{ data?: T; response: Response }>;
const get = api.GET as unknown as Send;
const post = api.POST as unknown as Send;

const key = ["ltv", "predictions"];
const isOpen = (w: Writing | undefined) => w?.state === "waiting" || w?.state === "running";

/** Writes what is expected of each person to that person, for rules to use; now, and every night from then on. */
export function Predictions() {
  const t = useT("ltv");
  const fmt = useFmt();
  const may = useMay("operator");
  const client = useQueryClient();
  const runs = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => call(get<{ items: Writing[] }>("/insight/ltv/predictions", { signal })),
    refetchInterval: (q) => (isOpen(q.state.data?.items[0]) ? 1000 : false),
  });
  const begin = useMutation({ mutationFn: () => call(post<Writing>("/insight/ltv/predictions", {})), onSettled: () => client.invalidateQueries({ queryKey: key }) });
  const last = runs.data?.items[0];
  return (
    <Card
      title={t("write.title")}
      note={t("write.note")}
      actions={
        may && (
          <Button type="primary" loading={begin.isPending || isOpen(last)} onClick={() => begin.mutate()}>
            {t("write.go")}
          </Button>
        )
      }
    >
      {begin.isError && <Alert type="warning" showIcon title={asApiError(begin.error).message} />}
      {runs.isError && <Alert type="warning" showIcon title={asApiError(runs.error).message} />}
      {!last && runs.isSuccess && <p className="muted">{t("write.never")}</p>}
      {last && isOpen(last) && (last.total > 0 ? <Progress percent={Math.floor((100 * last.done) / last.total)} aria-label={t("write.title")} /> : <p className="muted">{t("write.fitting")}</p>)}
      {last && !isOpen(last) && (
        <p>{t(`write.${last.state}`, { at: fmt.time(last.ended_at ?? last.started_at), total: fmt.int(last.total), changed: fmt.int(last.changed), author: last.author, error: last.error })}</p>
      )}
      {last?.state === "refused" && last.verdict && <VerdictNote verdict={last.verdict} />}
    </Card>
  );
}
