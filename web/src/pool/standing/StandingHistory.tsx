import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { api, call } from "../../api/client";
import type { StandingChange } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { EmptyState, ErrorState, Loading } from "../../ui/states";
import { useSource } from "../tag/words";
import "./standing.css";

/** How a person's tiers, segments and tags changed, newest first, each with its cause. */
export function StandingHistory({ person }: { person: number }) {
  const t = useT("standing");
  const fmt = useFmt();
  const cause = useSource();
  const list = useInfiniteQuery({
    queryKey: ["people", person, "standing", "history"],
    queryFn: ({ pageParam }) => call(api.GET("/people/{id}/standing/history", { params: { path: { id: person }, query: { cursor: pageParam || undefined, limit: 50 } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    refetchInterval: 10_000,
  });
  if (list.data === undefined) return list.isError ? <ErrorState error={list.error} retry={() => void list.refetch()} /> : <Loading />;
  const items = list.data.pages.flatMap((p) => p.items);
  if (items.length === 0) return <EmptyState title={t("history.none")} text={t("history.none_text")} />;
  return (
    <>
      <ol className="standing-history">
        {items.map((c, i) => (
          <li key={`${c.at}-${c.owner}-${c.key}-${i}`}>
            <time dateTime={c.at} className="muted">
              {fmt.time(c.at)}
            </time>
            <span className="grow">
              <Said change={c} />
            </span>
            <span className="muted">
              {cause(c.cause)}
              {c.author !== "" && ` · ${c.author}`}
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

const rooms = { segment: "/pool/segments/$key", tier: "/pool/tiers/$key", tag: "/pool/tags/$key" } as const;

function Said({ change: c }: { change: StandingChange }) {
  const t = useT("standing");
  const what =
    c.owner === "tier"
      ? t(c.from === "" ? "history.tier_first" : "history.tier", { from: c.from_title || c.from, to: c.to_title || c.to })
      : t(`history.${c.owner}.${c.to === "" ? "out" : "in"}`);
  return (
    <>
      <Link className="quiet-link" to={rooms[c.owner]} params={{ key: c.key }}>
        {c.title || c.key}
      </Link>{" "}
      {what}
    </>
  );
}
