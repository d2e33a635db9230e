import { CloseOutlined, DownloadOutlined, SearchOutlined, TableOutlined } from "@ant-design/icons";
import type { UseQueryResult } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Checkbox, Input, Popover, Table, Tag } from "antd";
import type { SorterResult } from "antd/es/table/interface";
import { useEffect, useState, type Key, type ReactNode } from "react";
import { useT } from "../app/i18n";
import { saveText, toCsv, type Cell } from "./csv";
import { useFmt } from "./format";
import { useDebounced } from "./hooks";
import { EmptyState, ErrorState, Loading } from "./states";

export interface Column<T> {
  key: string;
  title: string;
  render: (row: T) => ReactNode;
  /** The cell for CSV; a column without it is left out of the file. */
  csv?: (row: T) => Cell;
  /** Right-aligned figures. */
  number?: boolean;
  sortable?: boolean;
  width?: number;
  /** Shown unless the reader hides it; false: hidden unless the reader shows it. */
  shown?: boolean;
}

export interface Chip {
  key: string;
  label: string;
  onRemove: () => void;
}

/** What useInfiniteQuery over {items, next} gives; anything of this shape will do. */
export interface ListSource<T> {
  data: { pages: { items: T[]; total?: number; total_exact?: boolean }[] } | undefined;
  error: unknown;
  isError: boolean;
  isFetching: boolean;
  isFetchingNextPage: boolean;
  hasNextPage: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
}

/** A whole list that one request brings, as a source. */
export function wholeList<T>(query: UseQueryResult<{ items: T[] }>): ListSource<T> {
  return {
    data: query.data && { pages: [query.data] },
    error: query.error,
    isError: query.isError,
    isFetching: query.isFetching,
    isFetchingNextPage: false,
    hasNextPage: false,
    fetchNextPage: () => undefined,
    refetch: query.refetch,
  };
}

export interface DataListProps<T> {
  /** Names the reader's choice of columns in this browser, and the CSV file. */
  id: string;
  source: ListSource<T>;
  columns: Column<T>[];
  rowKey: (row: T) => Key;
  /** The row's own page; the row opens it, the keyboard too. */
  rowHref?: (row: T) => string;
  /** Present: the list can be searched. Called once the typing rests. */
  search?: { value: string; onChange: (q: string) => void; placeholder: string };
  chips?: Chip[];
  onClearChips?: () => void;
  /** Buttons that add filters, left of the chips. */
  filters?: ReactNode;
  /** "field" or "-field"; present: columns marked sortable sort. */
  sort?: { value: string; onChange: (sort: string) => void };
  /** Bulk actions over the chosen rows. */
  bulk?: { chosen: Key[]; onChange: (keys: Key[]) => void; actions: ReactNode };
  /** A server-made CSV of everything that matches, for the columns shown; otherwise the rows shown are saved. */
  csvHref?: (columns: string[]) => string;
  actions?: ReactNode;
  /** What an unfiltered, empty list teaches. */
  empty: ReactNode;
  expand?: (row: T) => ReactNode;
}

/** The reader's choice of columns in this browser, null for the list's own. A list that shows a saved view is mounted anew after keepColumns. */
export function keptColumns(id: string): string[] | null {
  try {
    return JSON.parse(localStorage.getItem(`huoshui.columns.${id}`) ?? "null") as string[] | null;
  } catch {
    return null;
  }
}

export function keepColumns(id: string, keys: string[] | null): void {
  try {
    if (keys === null) localStorage.removeItem(`huoshui.columns.${id}`);
    else localStorage.setItem(`huoshui.columns.${id}`, JSON.stringify(keys));
  } catch {
    // storage refused: the choice holds until the page is left
  }
}

/** The console's one list: search, filter chips, columns, bulk actions, CSV, count, keyset paging. */
export function DataList<T extends object>(props: DataListProps<T>) {
  const { id, source, columns, rowKey, rowHref, search, chips = [], bulk, sort } = props;
  const t = useT("ui");
  const fmt = useFmt();
  const navigate = useNavigate();
  const [kept, setKept] = useState(() => keptColumns(id));
  const shownKeys = kept ?? columns.filter((c) => c.shown !== false).map((c) => c.key);
  const shown = columns.filter((c) => shownKeys.includes(c.key));
  const rows = source.data?.pages.flatMap((p) => p.items) ?? [];
  const head = source.data?.pages[0];
  const narrowed = chips.length > 0 || (search !== undefined && search.value !== "");

  const keep = (keys: string[] | null) => {
    setKept(keys);
    keepColumns(id, keys);
  };
  const saveCsv = () => {
    const cols = shown.filter((c) => c.csv);
    saveText(`${id}.csv`, toCsv(cols.map((c) => c.title), rows.map((r) => cols.map((c) => c.csv?.(r)))));
  };

  // an empty list has nothing to arrange or to save
  const bare = source.data !== undefined && rows.length === 0 && !narrowed;
  const hasBar = !bare || search !== undefined || Boolean(props.filters) || Boolean(props.actions);
  const tools = !bare && (
    <>
      <Popover
        trigger="click"
        placement="bottomRight"
        content={
          <div className="stack-s list-columns">
            <Checkbox.Group
              value={shownKeys}
              onChange={(v) => v.length > 0 && keep(v as string[])}
              options={columns.map((c) => ({ value: c.key, label: c.title }))}
            />
            <Button size="small" type="link" onClick={() => keep(null)} disabled={kept === null}>
              {t("list.reset_columns")}
            </Button>
          </div>
        }
      >
        <Button icon={<TableOutlined aria-hidden />} aria-label={t("list.columns")} title={t("list.columns")} />
      </Popover>
      {props.csvHref ? (
        <Button icon={<DownloadOutlined aria-hidden />} href={props.csvHref(shown.map((c) => c.key))} aria-label={t("list.csv")} title={t("list.csv")} />
      ) : (
        <Button icon={<DownloadOutlined aria-hidden />} onClick={saveCsv} disabled={rows.length === 0} aria-label={t("list.csv")} title={t("list.csv")} />
      )}
    </>
  );
  const bar = hasBar && (
    <div className="list-bar">
      {search && <SearchBox key="search" {...search} />}
      {props.filters}
      <span className="grow" />
      {props.actions}
      {tools}
    </div>
  );

  let body: ReactNode;
  if (source.data === undefined) {
    body = source.isError ? <ErrorState error={source.error} retry={() => void source.refetch()} /> : <Loading rows={8} />;
  } else if (rows.length === 0) {
    body = narrowed ? (
      <EmptyState
        title={t("list.none_title")}
        text={t("list.none_text")}
        action={props.onClearChips && <Button onClick={props.onClearChips}>{t("list.clear")}</Button>}
      />
    ) : (
      props.empty
    );
  } else {
    body = (
      <Table<T>
        dataSource={rows}
        rowKey={rowKey}
        pagination={false}
        scroll={{ x: "max-content" }}
        size="middle"
        showSorterTooltip={false}
        columns={shown.map((c) => ({
          key: c.key,
          title: c.title,
          width: c.width,
          align: c.number ? ("right" as const) : undefined,
          render: (_: unknown, row: T) => c.render(row),
          sorter: sort && c.sortable ? true : undefined,
          sortDirections: ["descend", "ascend", "descend"] as const,
          sortOrder: sort?.value === c.key ? ("ascend" as const) : sort?.value === `-${c.key}` ? ("descend" as const) : null,
        }))}
        onChange={(_p, _f, s) => {
          const by = s as SorterResult<T>;
          if (sort && by.columnKey !== undefined) sort.onChange(`${by.order === "ascend" ? "" : "-"}${String(by.columnKey)}`);
        }}
        rowSelection={bulk && { selectedRowKeys: bulk.chosen, onChange: bulk.onChange, preserveSelectedRowKeys: true }}
        expandable={props.expand && { expandedRowRender: props.expand, expandRowByClick: !rowHref }}
        onRow={(row) =>
          rowHref
            ? {
                className: "list-row-link",
                tabIndex: 0,
                onClick: (e) => {
                  if ((e.target as HTMLElement).closest("a,button,input,label")) return;
                  if (e.metaKey || e.ctrlKey) open(rowHref(row), "_blank", "noopener");
                  else void navigate({ to: rowHref(row) });
                },
                onKeyDown: (e) => e.key === "Enter" && e.target === e.currentTarget && void navigate({ to: rowHref(row) }),
              }
            : {}
        }
      />
    );
  }

  return (
    <div className="list" aria-busy={source.isFetching}>
      {bar}
      {chips.length > 0 && (
        <div className="row list-chips">
          {chips.map((c) => (
            <Tag key={c.key} closable={{ closeIcon: <CloseOutlined aria-hidden />, "aria-label": t("list.remove", { text: c.label }) }} onClose={(e) => (e.preventDefault(), c.onRemove())}>
              {c.label}
            </Tag>
          ))}
          {props.onClearChips && (
            <Button type="link" size="small" onClick={props.onClearChips}>
              {t("list.clear")}
            </Button>
          )}
        </div>
      )}
      {bulk && bulk.chosen.length > 0 && (
        <div className="row list-bulk" role="status">
          <b>{t("list.chosen", { n: fmt.int(bulk.chosen.length) })}</b>
          {bulk.actions}
          <Button type="link" size="small" onClick={() => bulk.onChange([])}>
            {t("list.unchoose")}
          </Button>
        </div>
      )}
      {body}
      {rows.length > 0 && (
        <div className="list-foot">
          <span className="muted">
            {head?.total !== undefined && t(head.total_exact === false ? "list.count_about" : "list.count", { n: fmt.int(head.total) })}
            {head?.total !== undefined && " · "}
            {t("list.shown", { n: fmt.int(rows.length) })}
          </span>
          {source.hasNextPage ? (
            <Button onClick={() => void source.fetchNextPage()} loading={source.isFetchingNextPage && { delay: 300 }}>
              {t("list.more")}
            </Button>
          ) : null}
        </div>
      )}
    </div>
  );
}

function SearchBox({ value, onChange, placeholder }: { value: string; onChange: (q: string) => void; placeholder: string }) {
  const [text, setText] = useState(value);
  const rested = useDebounced(text, 250);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (rested !== value) onChange(rested);
    // only resting text searches; a new onChange or value alone must not
  }, [rested]);
  return (
    <Input
      className="list-search"
      prefix={<SearchOutlined aria-hidden />}
      allowClear
      value={text}
      onChange={(e) => setText(e.target.value)}
      placeholder={placeholder}
      aria-label={placeholder}
    />
  );
}
