import { LeftOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { Board, Filters, Item } from "../../api/boards";
import { useT } from "../../app/i18n";
import { PageHead } from "../../ui/PageHead";
import { Await, EmptyState } from "../../ui/states";
import { BoardActions } from "./BoardActions";
import { BoardEditor } from "./BoardEditor";
import { BoardItem } from "./BoardItem";
import { FilterBar } from "./FilterBar";
import { readFilters, sameFilters, tidy } from "./filters";
import { Grid } from "./Grid";
import { boardQuery } from "./queries";
import "./board.css";

/** One board: to look at, or (edit=1) to arrange. */
export function BoardPage() {
  const { key } = useParams({ from: "/shell/insight/boards/$key" });
  const { edit } = useSearch({ from: "/shell/insight/boards/$key" });
  const query = useQuery(boardQuery(key));
  return <Await query={query}>{({ data, etag }) => (edit === "1" && data.state === "active" ? <BoardEditor key={key} board={data} etag={etag} /> : <BoardView key={key} board={data} />)}</Await>;
}

/** How often a board on a wall asks anew, in ms. */
const onWall = 5 * 60_000;

function BoardView({ board }: { board: Board }) {
  const t = useT("board");
  const search = useSearch({ from: "/shell/insight/boards/$key" });
  const navigate = useNavigate({ from: "/insight/boards/$key" });
  const filters = readFilters(search.f) ?? tidy(board.filters);
  const [pulse, setPulse] = useState(0);
  const wall = useRef<HTMLDivElement>(null);
  const [isWall, setWall] = useState(false);
  useEffect(() => {
    const look = () => setWall(document.fullscreenElement === wall.current && wall.current !== null);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, []);
  useEffect(() => {
    if (!isWall) return;
    const timer = setInterval(() => setPulse((n) => n + 1), onWall);
    return () => clearInterval(timer);
  }, [isWall]);
  const set = (f: Filters) => void navigate({ search: { f: sameFilters(f, board.filters) ? undefined : JSON.stringify(tidy(f)) }, replace: true, resetScroll: false });
  const name = (i: Item) => (i.chart === undefined ? t("item.text") : (board.charts.find((c) => c.key === i.chart)?.title ?? i.chart));
  return (
    <>
      <PageHead
        title={board.title}
        above={
          <Link to="/insight/boards" className="back">
            <LeftOutlined aria-hidden /> {t("nav")}
          </Link>
        }
        answer={board.description}
        actions={<BoardActions board={board} filters={filters} onRefresh={() => setPulse((n) => n + 1)} onWall={() => void wall.current?.requestFullscreen?.()} />}
      />
      <FilterBar value={filters} onChange={set} onReset={search.f === undefined ? undefined : () => set(board.filters)} />
      {board.items.length === 0 ? (
        <section className="card">
          <EmptyState title={t("empty_board.title")} text={t("empty_board.text")} />
        </section>
      ) : (
        <div ref={wall} className={isWall ? "board-wall" : undefined}>
          {isWall && <h1 className="board-wall-title">{board.title}</h1>}
          <Grid items={board.items} name={name}>
            {(item) => <BoardItem item={item} board={board} filters={filters} pulse={pulse} />}
          </Grid>
        </div>
      )}
    </>
  );
}
