import { useMutation } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { api, call } from "../../api/client";
import { asApiError } from "../../api/error";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import type { GrowthQuery, Reconciled } from "./growth";

// The client's hand-kept paths know no kinds of questions; see question.ts of the hall.
type Send = (path: string, init: { body: unknown }) => Promise<{ data?: Reconciled; response: Response }>;
const post = api.POST as unknown as Send;

/** Keeps the same books once more in the warehouse, and says whether both agree. */
export function Reconcile({ query }: { query: GrowthQuery }) {
  const t = useT("growth");
  const fmt = useFmt();
  const check = useMutation({ mutationFn: (q: GrowthQuery) => call(post("/insight/growth/reconcile", { body: { ...q, people: undefined } })) });
  const done = check.data;
  return (
    <div className="growth-check">
      <Button size="small" loading={check.isPending} onClick={() => check.mutate(query)}>
        {t("check.go")}
      </Button>
      {check.isError && <Alert type="warning" showIcon title={asApiError(check.error).message} />}
      {done && done.differences.length === 0 && <Alert type="success" showIcon title={t("check.even", { n: fmt.int(done.numbers) })} />}
      {done && done.differences.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t(done.moving ? "check.moving" : "check.odd", { n: fmt.int(done.differences.length) })}
          description={
            <ul>
              {done.differences.slice(0, 20).map((d) => (
                <li key={`${d.date} ${d.number}`}>{t("check.difference", { date: d.date, number: d.number, books: fmt.int(d.books), warehouse: fmt.int(d.warehouse) })}</li>
              ))}
            </ul>
          }
        />
      )}
    </div>
  );
}
