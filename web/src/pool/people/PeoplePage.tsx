import { ImportOutlined, MergeCellsOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useMemo, useState, type Key } from "react";
import { apiBase } from "../../api/client";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { DataList, keepColumns, keptColumns, type Column } from "../../ui/DataList";
import { useFmt } from "../../ui/format";
import { PageHead } from "../../ui/PageHead";
import { Rich } from "../../ui/Rich";
import type { PersonRow } from "../../api/types";
import { TagPeople } from "../tag/TagPeople";
import { columnChoices, isShownAtFirst, traitText } from "./columns";
import { defaultSort, exportQuery, filtersOf, withFilters, writeFilter, type PeopleSearch } from "./filter";
import { FilterButton } from "./FilterButton";
import { useFilterWords } from "./filterWords";
import { mergeLimit } from "./merge";
import { MergeDialog } from "./MergeDialog";
import { NoPeople } from "./NoPeople";
import { usePeopleColumns } from "./peopleColumns";
import { fieldsQuery } from "./useFields";
import { usePeople } from "./usePeople";
import { ViewsButton } from "./ViewsButton";

const list = "people";

/** Everyone in the pool: search, conditions, columns, saved views, merge by hand. */
export function PeoplePage() {
  const t = useT("people");
  const fmt = useFmt();
  const search = useSearch({ from: "/shell/pool/people" });
  const navigate = useNavigate({ from: "/pool/people" });
  const source = usePeople(search);
  const traits = useQuery(fieldsQuery).data?.traits;
  const words = useFilterWords();
  const mayOperate = useMay("operator");
  const [chosen, setChosen] = useState<Key[]>([]);
  const [merging, setMerging] = useState(false);
  const [view, setView] = useState(0); // counts views opened: each mounts the list anew with its columns

  const choices = useMemo(() => columnChoices((traits ?? []).map((each) => each.name)), [traits]);
  const columns: Column<PersonRow>[] = usePeopleColumns(choices);
  const filters = filtersOf(search);
  const router = useRouter();
  const go = (next: PeopleSearch) => {
    // typing comes to rest a moment later; by then the reader may be on the way to somebody
    if (router.latestLocation.pathname === "/pool/people") void navigate({ search: next, replace: true });
  };
  const valuesOf = (trait: string) => {
    const values = source.data?.pages.flatMap((p) => p.items.map((row) => traitText(row.traits[trait]))) ?? [];
    return [...new Set(values)].filter((v) => v !== "").sort().slice(0, 50);
  };

  const head = source.data?.pages[0];
  const narrowed = filters.length > 0 || search.q !== undefined;
  const answer = head && (head.total > 0 || narrowed) && <Rich text={t(narrowed ? (head.total_exact ? "answer.some" : "answer.about") : "answer.all", { n: fmt.int(head.total) })} />;
  const shownNow = () => keptColumns(list) ?? choices.filter(isShownAtFirst);

  return (
    <>
      <PageHead
        title={t("title")}
        answer={answer}
        actions={
          <>
            <ViewsButton
              search={search}
              columns={shownNow}
              onOpen={(v) => {
                keepColumns(list, v?.columns ?? null);
                setView(view + 1);
                go(v?.search ?? {});
              }}
            />
            {mayOperate && (
              <Link to="/settings/import">
                <Button icon={<ImportOutlined aria-hidden />}>{t("import")}</Button>
              </Link>
            )}
          </>
        }
      />
      <DataList
        key={view}
        id={list}
        source={source}
        columns={columns}
        rowKey={(p) => p.id}
        rowHref={(p) => `/pool/people/${p.id}`}
        search={{ value: search.q ?? "", onChange: (q) => go({ ...search, q: q.trim() || undefined }), placeholder: t("search") }}
        filters={<FilterButton valuesOf={valuesOf} onAdd={(f) => go(withFilters(search, [...filters, f]))} />}
        chips={filters.map((f) => ({
          key: writeFilter(f),
          label: words.chip(f),
          onRemove: () => go(withFilters(search, filters.filter((each) => each !== f))),
        }))}
        onClearChips={() => go({ sort: search.sort })}
        sort={{ value: search.sort ?? defaultSort, onChange: (sort) => go({ ...search, sort: sort === defaultSort ? undefined : sort }) }}
        bulk={
          mayOperate
            ? {
                chosen,
                onChange: setChosen,
                actions: (
                  <>
                    <TagPeople people={chosen.map(Number)} onDone={() => setChosen([])} />
                    <Button
                      icon={<MergeCellsOutlined aria-hidden />}
                      disabled={chosen.length < 2 || chosen.length > mergeLimit}
                      title={chosen.length > mergeLimit ? t("merge.limit", { n: mergeLimit }) : undefined}
                      onClick={() => setMerging(true)}
                    >
                      {t("merge.action")}
                    </Button>
                  </>
                ),
              }
            : undefined
        }
        csvHref={(shown) => `${apiBase}/people/export.csv?${exportQuery(search, shown)}`}
        empty={<NoPeople />}
      />
      {merging && (
        <MergeDialog
          ids={chosen.map(Number)}
          onClose={() => setMerging(false)}
          onDone={(p) => {
            setMerging(false);
            setChosen([]);
            void navigate({ to: "/pool/people/$id", params: { id: String(p.id) }, search: { tab: "identities" } });
          }}
        />
      )}
    </>
  );
}
