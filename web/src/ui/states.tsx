import type { UseQueryResult } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import i18next from "i18next";
import type { ReactNode } from "react";
import { asApiError } from "../api/error";
import { useT } from "../app/i18n";

/** What an error means, in the reader's language where the code is known, else in the server's words. */
export function explain(error: unknown): string {
  const e = asApiError(error);
  const key = `api:code.${e.code}`;
  if (i18next.exists(key)) return i18next.t(key, { seconds: e.retryAfter });
  if (e.message !== "") return e.message;
  return i18next.t(e.status >= 500 ? "api:server_fault" : "api:request_fault");
}

/** Says what happened, with the code to search for and a way to try again. */
export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useT("ui");
  const e = asApiError(error);
  return (
    <div className="state error-state" role="alert">
      <StillWater troubled />
      <h2>{t(e.status === 0 ? "error.unreachable" : e.status === 403 ? "error.forbidden" : "error.title")}</h2>
      <p>{explain(error)}</p>
      <p className="muted">
        {t("error.code")} <code>{e.code}</code>
      </p>
      {retry && (
        <Button type="primary" onClick={retry}>
          {t("retry")}
        </Button>
      )}
    </div>
  );
}

/** An empty page teaches: what it is, one example, one button. */
export function EmptyState({ title, text, example, action }: { title: string; text?: ReactNode; example?: ReactNode; action?: ReactNode }) {
  return (
    <div className="state">
      <StillWater />
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {example && <div className="state-example">{example}</div>}
      {action}
    </div>
  );
}

export function Loading({ rows = 6 }: { rows?: number }) {
  const t = useT("ui");
  return (
    <div className="late" role="status" aria-label={t("loading")}>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}

/** Draws a query's data; a quiet skeleton while it comes, the error with retry when it fails and nothing is there to show. */
export function Await<T>({ query, children, rows }: { query: UseQueryResult<T>; children: (data: T) => ReactNode; rows?: number }) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return <Loading rows={rows} />;
}

function StillWater({ troubled = false }: { troubled?: boolean }) {
  return (
    <svg className="still-water" width="96" height="48" viewBox="0 0 96 48" aria-hidden="true">
      <g fill="none" stroke="currentColor" strokeWidth="1.5">
        {troubled ? (
          <path d="M4 30c8 0 8-7 16-7s8 7 16 7 8-7 16-7 8 7 16 7 8-7 16-7 4 3 8 5M16 40c7 0 7-5 14-5s7 5 14 5 7-5 14-5 7 5 14 5" strokeLinecap="round" />
        ) : (
          <>
            <ellipse cx="48" cy="30" rx="44" ry="14" opacity="0.35" />
            <ellipse cx="48" cy="30" rx="27" ry="8" opacity="0.65" />
            <ellipse cx="48" cy="30" rx="11" ry="3" />
          </>
        )}
      </g>
      <circle cx="48" cy="9" r="3.5" fill="currentColor" />
    </svg>
  );
}
