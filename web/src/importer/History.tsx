import { Link } from "@tanstack/react-router";
import { useT } from "../app/i18n";
import type { Import } from "../api/types";
import { Ago } from "../ui/Ago";
import { DataList, type Column } from "../ui/DataList";
import { useFmt } from "../ui/format";
import { EmptyState } from "../ui/states";
import { useImports } from "./queries";
import { StateMark } from "./StateMark";

/** All imports, newest first. */
export function History() {
  const t = useT("importer");
  const fmt = useFmt();
  const source = useImports();
  const count = (key: "rows" | "accepted" | "duplicates" | "rejected"): Column<Import> => ({ key, title: t(`count.${key}`), number: true, render: (i) => fmt.int(i[key]), csv: (i) => i[key] });
  const columns: Column<Import>[] = [
    {
      key: "file",
      title: t("history.file"),
      render: (i) => (
        <Link to="/settings/import/$id" params={{ id: String(i.id) }}>
          {i.file}
        </Link>
      ),
      csv: (i) => i.file,
    },
    { key: "preset", title: t("what_short"), render: (i) => t(`preset.${i.preset}.title`), csv: (i) => i.preset },
    { key: "state", title: t("history.state"), render: (i) => <StateMark item={i} />, csv: (i) => i.state },
    count("rows"),
    count("accepted"),
    count("duplicates"),
    count("rejected"),
    { key: "started", title: t("history.started"), render: (i) => <Ago at={i.started_at} />, csv: (i) => i.started_at },
    { key: "author", title: t("history.author"), render: (i) => i.author, csv: (i) => i.author },
  ];
  return (
    <section className="history">
      <h2>{t("history.title")}</h2>
      <DataList id="imports" source={source} columns={columns} rowKey={(i) => i.id} rowHref={(i) => `/settings/import/${i.id}`} empty={<EmptyState title={t("history.none")} text={t("history.none_text")} />} />
    </section>
  );
}
