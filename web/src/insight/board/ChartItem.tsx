import { ReloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Segmented, Tooltip } from "antd";
import { useEffect, useState, type ReactNode } from "react";
import type { Drawn } from "../../api/boards";
import { asApiError } from "../../api/error";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { explain, Loading } from "../../ui/states";
import { OpenPeopleContext } from "../query/NumberLink";
import { PeopleScope } from "../query/PeopleScope";
import { question } from "../query/question";
import type { Common } from "../query/wire";
import { DrawnChart } from "./DrawnChart";

export interface ChartItemProps {
  title: string;
  description?: string;
  /** What the answer depends on; another key is another answer. */
  askKey: unknown[];
  ask: (signal: AbortSignal) => Promise<Drawn>;
  /** Numbers open the people behind them; not on shared boards. */
  people: boolean;
  /** More in the head: a link, a menu, handles. */
  tools?: ReactNode;
  /** Asks again whenever it changes. */
  pulse?: number;
}

/** A chart on a board: it asks by itself, and says by itself what went wrong. */
export function ChartItem({ title, description, askKey, ask, people, tools, pulse = 0 }: ChartItemProps) {
  const t = useT("board");
  const fmt = useFmt();
  const [shown, setShown] = useState<"now" | "before">("now");
  const query = useQuery({ queryKey: ["board-chart", ...askKey], queryFn: ({ signal }) => ask(signal), staleTime: 60_000, retry: (n, err) => n < 1 && asApiError(err).status === 0 });
  const { refetch } = query;
  useEffect(() => {
    if (pulse > 0) void refetch();
  }, [pulse, refetch]);
  const drawn = query.data;
  const result = drawn?.before && shown === "before" ? drawn.before : drawn?.result;
  const days = result && result.from !== "" ? (result.from === result.to ? fmt.day(result.from) : t("chart.days", { from: fmt.day(result.from), to: fmt.day(result.to) })) : "";
  const body =
    drawn === undefined || result === undefined ? null : people ? (
      <PeopleScope question={question(result.kind)} asked={shown === "before" ? undefined : (drawn.query as Common)}>
        <DrawnChart drawn={drawn} result={result} />
      </PeopleScope>
    ) : (
      <OpenPeopleContext value={null}>
        <DrawnChart drawn={drawn} result={result} />
      </OpenPeopleContext>
    );
  return (
    <article className="card board-card" aria-label={title} aria-busy={query.isFetching}>
      <header className="board-head">
        <div className="grow">
          <h2 title={title}>{title}</h2>
          <p className="muted" title={description}>
            {[days, description].filter(Boolean).join(" · ")}
          </p>
        </div>
        {drawn?.before && (
          <Segmented<"now" | "before">
            size="small"
            value={shown}
            aria-label={t("chart.which")}
            onChange={(v) => setShown(v)}
            options={[
              { value: "now", label: t("chart.now") },
              { value: "before", label: t("chart.before") },
            ]}
          />
        )}
        <Tooltip title={query.dataUpdatedAt > 0 ? t("chart.refresh_at", { at: fmt.time(new Date(query.dataUpdatedAt).toISOString()) }) : t("chart.refresh")}>
          <Button type="text" size="small" icon={<ReloadOutlined aria-hidden spin={query.isFetching} />} aria-label={t("chart.refresh_of", { title })} onClick={() => void refetch()} />
        </Tooltip>
        {tools}
      </header>
      <div className="board-body">
        {query.isError ? (
          <div className="board-fault" role="alert">
            <p>{explain(query.error)}</p>
            <p className="muted">
              <code>{asApiError(query.error).code}</code>
            </p>
            <Button size="small" onClick={() => void refetch()}>
              {t("ui:retry")}
            </Button>
          </div>
        ) : (
          (body ?? <Loading rows={4} />)
        )}
      </div>
    </article>
  );
}
