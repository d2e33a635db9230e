import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { api, call } from "../../api/client";
import { useT } from "../../app/i18n";
import { Ago } from "../../ui/Ago";
import { EmptyState, ErrorState, Loading } from "../../ui/states";
import { useSource } from "./words";

/** Who got a tag, who lost it, when and why; newest first. */
export function TagHistory({ tag }: { tag: string }) {
  const t = useT("tag");
  const source = useSource();
  const list = useInfiniteQuery({
    queryKey: ["tags", tag, "history"],
    queryFn: ({ pageParam }) => call(api.GET("/tags/{key}/history", { params: { path: { key: tag }, query: { cursor: pageParam || undefined, limit: 50 } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    refetchInterval: 10_000,
  });
  if (list.data === undefined) return list.isError ? <ErrorState error={list.error} retry={() => void list.refetch()} /> : <Loading />;
  const items = list.data.pages.flatMap((p) => p.items);
  if (items.length === 0) return <EmptyState title={t("history.none")} />;
  return (
    <>
      <ol className="tag-history">
        {items.map((c, i) => (
          <li key={`${c.at}-${c.person}-${i}`}>
            <Link to="/pool/people/$id" params={{ id: String(c.person) }}>
              {c.name || t("people:nameless", { id: c.person })}
            </Link>
            <span>{t(`change.${c.change}`, { defaultValue: c.change })}</span>
            <span className="muted">
              {source(c.source)}
              {c.author !== "" && ` · ${c.author}`}
              {c.note !== "" && ` · ${c.note}`}
            </span>
            <span className="grow" />
            <span className="muted">
              <Ago at={c.at} />
            </span>
          </li>
        ))}
      </ol>
      {list.hasNextPage && (
        <Button block onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage && { delay: 300 }}>
          {t("ui:list.more")}
        </Button>
      )}
    </>
  );
}
