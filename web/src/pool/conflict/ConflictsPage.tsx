import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { api, call } from "../../api/client";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { PageHead } from "../../ui/PageHead";
import { Rich } from "../../ui/Rich";
import { Await, EmptyState } from "../../ui/states";
import { conflictStates, type ConflictState } from "../routes";
import { ConflictCard } from "./ConflictCard";

/** Cases in which it is not certain whether two people are one. */
export function ConflictsPage() {
  const t = useT("conflict");
  const fmt = useFmt();
  const { state = "open" } = useSearch({ from: "/shell/pool/conflicts" });
  const navigate = useNavigate({ from: "/pool/conflicts" });
  const source = useInfiniteQuery({
    queryKey: ["conflicts", state],
    queryFn: ({ pageParam }) => call(api.GET("/conflicts", { params: { query: { state, cursor: pageParam || undefined, limit: 30 } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    refetchInterval: 15_000,
  });
  const n = source.data?.pages.reduce((sum, p) => sum + p.items.length, 0) ?? 0;
  const count = source.hasNextPage ? t("more", { n: fmt.int(n) }) : fmt.int(n);
  const answer = state !== "open" ? t(`answer.${state}`) : n === 0 ? t("answer.clear") : <Rich text={t("answer.open", { n: count })} />;
  return (
    <>
      <PageHead
        title={t("title")}
        answer={source.data && answer}
        actions={
          <Segmented
            value={state}
            options={conflictStates.map((value) => ({ value, label: t(`state.${value}`) }))}
            onChange={(value) => void navigate({ search: { state: value === "open" ? undefined : (value as ConflictState) }, replace: true })}
          />
        }
      />
      <Await query={source}>
        {(data) => (
          <div className="stack-s">
            {n === 0 && (
              <div className="card">
                <EmptyState title={t(state === "open" ? "empty.open_title" : "empty.title")} text={t(state === "open" ? "empty.open_text" : "empty.text")} />
              </div>
            )}
            {data.pages
              .flatMap((p) => p.items)
              .map((c) => (
                <ConflictCard key={c.id} conflict={c} />
              ))}
            {source.hasNextPage && (
              <Button block onClick={() => void source.fetchNextPage()} loading={source.isFetchingNextPage && { delay: 300 }}>
                {t("ui:list.more")}
              </Button>
            )}
          </div>
        )}
      </Await>
    </>
  );
}
