import { EditOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import type { IdentityKind } from "../../api/types";
import { useT } from "../../app/i18n";
import { useLang } from "../../app/prefs";
import { useMay } from "../../app/session";
import { useFmt } from "../../ui/format";
import { Card, PageHead } from "../../ui/PageHead";
import { Pill } from "../../ui/Pill";
import { Rich } from "../../ui/Rich";
import { Await } from "../../ui/states";
import { KindDialog } from "./KindDialog";
import { kindsQuery, kindTitle } from "./kinds";
import { rulesOf } from "./says";
import "./kind.css";

/** The kinds of identity and the rules by which they make people one. */
export function KindsPage() {
  const t = useT("kind");
  const fmt = useFmt();
  const query = useQuery(kindsQuery);
  const mayManage = useMay("owner");
  const [editing, setEditing] = useState<IdentityKind | "new">();
  return (
    <>
      <PageHead
        title={t("title")}
        answer={query.data && <Rich text={t("answer", { n: fmt.int(query.data.length) })} />}
        actions={
          mayManage && (
            <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setEditing("new")}>
              {t("declare")}
            </Button>
          )
        }
      />
      <Card title={t("rules")} note={t("note")}>
        <Await query={query}>
          {(kinds) => (
            <ul className="kinds">
              {kinds.map((k) => (
                <KindRow key={k.kind} kind={k} onEdit={mayManage ? () => setEditing(k) : undefined} />
              ))}
            </ul>
          )}
        </Await>
      </Card>
      {editing !== undefined && <KindDialog kind={editing === "new" ? undefined : editing} taken={query.data?.map((k) => k.kind) ?? []} onClose={() => setEditing(undefined)} />}
    </>
  );
}

function KindRow({ kind: k, onEdit }: { kind: IdentityKind; onEdit?: () => void }) {
  const t = useT("kind");
  const title = kindTitle([k], k.kind, useLang());
  return (
    <li className="kind">
      <div className="kind-name">
        <b>{title}</b>
        <code className="kind-key">{k.kind}</code>
      </div>
      <div className="kind-marks">
        <Pill tone={k.strong ? "teal" : "quiet"} help={t(`person:identity.${k.strong ? "strong" : "weak"}_help`)}>
          {t(`person:identity.${k.strong ? "strong" : "weak"}`)}
        </Pill>
        {k.builtin && <Pill>{t("builtin")}</Pill>}
      </div>
      <ul className="kind-says">
        {rulesOf(k, title, t).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {onEdit && <Button type="text" icon={<EditOutlined aria-hidden />} aria-label={t("edit", { title })} onClick={onEdit} />}
    </li>
  );
}
