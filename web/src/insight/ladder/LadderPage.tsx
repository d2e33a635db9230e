import { EditOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useMemo, useState } from "react";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Rich } from "../../ui/Rich";
import { QuestionFrame } from "../query/QuestionFrame";
import { useQueryState } from "../query/useQueryState";
import { useQuestion } from "../query/useQuestion";
import type { Result } from "../query/wire";
import { DefinitionDrawer } from "./DefinitionDrawer";
import { ladder, type LadderAnswer } from "./ladder";
import { LadderView } from "./LadderView";
import { read, start, whole } from "./query";
import { useRungName } from "./words";

/** Where people stand between interest and the step that costs something. */
export function LadderPage() {
  const t = useT("ladder");
  const { query, set, reset } = useQueryState("ladder", start, read);
  const asked = useMemo(() => whole(query), [query]);
  const asking = useQuestion(ladder, asked);
  const [editing, setEditing] = useState(false);
  return (
    <>
      <QuestionFrame
        question={ladder}
        query={query}
        whole={asked}
        set={set}
        reset={reset}
        asking={asking}
        title={t("nav")}
        answer={asking.result && <Said result={asking.result} />}
        missing={t("missing")}
        isEmpty={(r) => (r.answer.rungs[0]?.reached ?? 0) === 0}
        form={
          <>
            <p className="muted">{t(query.rungs ? "form.trying" : "form.own")}</p>
            <Button icon={<EditOutlined aria-hidden />} onClick={() => setEditing(true)}>
              {t("form.edit")}
            </Button>
            {query.rungs && <Button type="link" onClick={() => set({ ...query, rungs: undefined })}>{t("form.back")}</Button>}
          </>
        }
        semantics={
          <ul>
            {(["stand", "rise", "wait", "moved", "lift"] as const).map((k) => (
              <li key={k}>{t(`how.${k}`)}</li>
            ))}
          </ul>
        }
      >
        {(result, q) => <LadderView query={q} result={result} />}
      </QuestionFrame>
      {editing && (
        <DefinitionDrawer
          trying={query.rungs}
          onTry={(rungs) => {
            set({ ...query, rungs });
            setEditing(false);
          }}
          onSaved={() => {
            set({ ...query, rungs: undefined });
            setEditing(false);
            asking.again();
          }}
          onClose={() => setEditing(false)}
        />
      )}
    </>
  );
}

/** The sentence first: where most people stop. */
function Said({ result }: { result: Result<LadderAnswer> }) {
  const t = useT("ladder");
  const fmt = useFmt();
  const name = useRungName();
  const { rungs } = result.answer;
  let worst = -1;
  for (let k = 1; k < rungs.length; k++) {
    const c = rungs[k]?.conversion;
    if (typeof c === "number" && (worst < 0 || c < (rungs[worst]?.conversion ?? 1))) worst = k;
  }
  const top = rungs.at(-1);
  const at = rungs[worst];
  const below = rungs[worst - 1];
  if (!top || !at || !below || at.conversion === null) return null;
  return <Rich text={t("said", { n: fmt.int(top.reached), top: name(top), from: name(below), to: name(at), rate: fmt.pct(at.conversion), standing: fmt.int(below.standing) })} />;
}
