import type { ReactNode } from "react";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { EmptyState, Loading } from "../../ui/states";
import { PeopleFilter } from "../query/PeopleFilter";
import { PeopleScope } from "../query/PeopleScope";
import { QuestionFault } from "../query/QuestionFault";
import type { Question } from "../query/question";
import { RangeField } from "../query/RangeField";
import { RunProgress } from "../query/RunProgress";
import type { Asking } from "../query/useQuestion";
import type { Common, Result } from "../query/wire";

/** A question without a form: range, filter and more above, the answer below. */
export function Asked<Q extends Common, A, Of>({ question, query, set, asking, bar, empty, children }: { question: Question<Q, A, Of>; query: Q; set: (q: Q) => void; asking: Asking<A>; bar?: ReactNode; empty: (r: Result<A>) => boolean; children: (r: Result<A>) => ReactNode }) {
  const t = useT("health");
  const fmt = useFmt();
  const { result, error } = asking;
  return (
    <PeopleScope question={question} asked={query}>
      <section className="stack" aria-busy={asking.asking}>
        <div className="row">
          <RangeField value={query} onChange={(span) => set({ ...query, from: undefined, to: undefined, last: undefined, ...span })} />
          <PeopleFilter value={query.people} onChange={(people) => set({ ...query, people })} />
          {bar}
        </div>
        {asking.slow && <RunProgress state={asking.progress} cancel={asking.cancel} />}
        {error && (
          <Card>
            <QuestionFault error={error} query={query} mends={[]} retry={asking.again} />
          </Card>
        )}
        {!error && result === undefined && (
          <Card>
            <Loading rows={8} />
          </Card>
        )}
        {!error && result !== undefined && (empty(result) ? <Card><EmptyState title={t("empty.title")} text={t("empty.text")} /></Card> : children(result))}
        {result && !error && <p className="muted">{t("query:foot.people", { n: fmt.int(result.people) })} · {t("query:foot.at", { at: fmt.time(result.at) })}</p>}
      </section>
    </PeopleScope>
  );
}
