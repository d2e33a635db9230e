// The page of a question: what is asked on the left, the answer on the right. A room's page is this much:
//
//   // funnel.ts                    the types, held to the server's by funnel.contract.ts
//   export const funnel = question<FunnelQuery, FunnelAnswer, FunnelOf>("funnel");
//
//   // routes.tsx
//   export const funnelRoute = createRoute({ getParentRoute: () => shellRoute, path: "/insight/funnel", validateSearch: questionSearch,
//     component: lazyRouteComponent(() => import("./FunnelPage"), "FunnelPage") });
//
//   // FunnelPage.tsx
//   export function FunnelPage() {
//     const words = useT(…);
//     const { query, set, reset } = useQueryState("funnel", startQuery, readQuery);        // in the address as ?q=…, draft kept
//     const steps = wholeSteps(query.steps);
//     const whole = steps && steps.length >= 2 ? { ...query, steps } : undefined;          // undefined: nothing is asked yet
//     const asking = useQuestion(funnel, whole);                                           // debounced, aborts the former, progress, cancel
//     return (
//       <QuestionFrame question={funnel} query={query} whole={whole} set={set} reset={reset} asking={asking} title={words.nav}
//         answer={asking.result && <Rich text={…one sentence…} />} missing={words.two_steps} isEmpty={(r) => r.answer.steps[0]?.people === 0}
//         examples={[{ title: words.example.buy, query: … }]}
//         form={<>
//           <Field label={words.steps}><StepsField value={query.steps} onChange={(steps) => set({ ...query, steps })} min={2} /></Field>
//           <Field label={words.by}><BreakdownField value={query.breakdown} events={…} onChange={(breakdown) => set({ ...query, breakdown })} /></Field>
//         </>}>
//         {(result, asked) => <FunnelView query={asked} result={result} />}
//       </QuestionFrame>
//     );
//   }
//
//   // FunnelView.tsx               draws an answer; used by the page and by boards (app/charts.ts names it)
//   <NumberLink n={step.people} of={{ step: 2, who: "dropped" }} title={words.people.dropped} />   // opens the people behind the number
//   const open = useOpenPeople<FunnelOf>();  open?.({ step: 2 }, title)                               // the same from a click into a chart
//
// Charts are ui/Chart (over one axis) and ui/Figure (any ECharts option): table behind, exact value on hover, PNG and CSV are theirs.
// Range and people filter stand above every answer; RangeField, PeopleFilter, PeopleDrawer, CsvButton, CopyQuery,
// SaveChart can be used alone. PeopleScope makes the numbers of a View open their people elsewhere, such as on a board.

import { DownOutlined, ReloadOutlined, UpOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useRef, useState, type ReactNode } from "react";
import type { ApiError } from "../../api/error";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { Card, PageHead } from "../../ui/PageHead";
import { EmptyState, Loading } from "../../ui/states";
import { CopyQuery } from "./CopyQuery";
import { CsvButton } from "./CsvButton";
import { mendings, setAt } from "./mend";
import { PeopleFilter } from "./PeopleFilter";
import { PeopleScope } from "./PeopleScope";
import { QuestionFault, type Mend } from "./QuestionFault";
import type { Question } from "./question";
import { RangeField } from "./RangeField";
import { RunProgress } from "./RunProgress";
import { SaveChart } from "./SaveChart";
import type { Asking } from "./useQuestion";
import type { Common, Result } from "./wire";
import "./query.css";

export interface Example<Q> {
  title: string;
  query: Q;
}

export interface QuestionFrameProps<Q extends Common, A, Of> {
  question: Question<Q, A, Of>;
  /** As the form has it. */
  query: Q;
  /** As it is asked; undefined while it lacks something. */
  whole: Q | undefined;
  set: (next: Q) => void;
  /** Back to how the page began. */
  reset?: () => void;
  asking: Asking<A>;
  title: string;
  /** The one sentence that answers first. */
  answer?: ReactNode;
  /** The fields of the question. */
  form: ReactNode;
  /** More choices beside the range, such as the grain. */
  bar?: ReactNode;
  /** More actions of the page. */
  actions?: ReactNode;
  /** What to do while the question is not whole. */
  missing?: string;
  /** Whether an answer says nothing, because nobody did any of it. */
  isEmpty?: (result: Result<A>) => boolean;
  /** Good questions to begin with, offered where there is no answer. */
  examples?: Example<Q>[];
  /** What can be done about a fault of the room's own, by its code. */
  mends?: Record<string, Mend[]>;
  /** How it is counted, in words; folded below the form. */
  semantics?: ReactNode;
  /** false: no range, or no people filter, above the answer. */
  range?: boolean;
  people?: boolean;
  /** A first title for a chart that is kept. */
  chartTitle?: string;
  children: (result: Result<A>, asked: Q) => ReactNode;
}

/** The frame of every question's page. */
export function QuestionFrame<Q extends Common, A, Of>(props: QuestionFrameProps<Q, A, Of>) {
  const { question, query, whole, set, reset, asking, title, answer, form, bar, actions, range = true, people = true, semantics } = props;
  const t = useT("query");
  const fmt = useFmt();
  const asked = useAsked(whole, asking);
  const { result } = asking;
  // where there is no room beside each other, a question that is whole makes way for its answer
  const [shown, setShown] = useState(whole === undefined);
  return (
    <PeopleScope question={question} asked={asked}>
      <PageHead
        title={title}
        answer={result && !asking.error && !asking.stale ? answer : undefined}
        actions={
          <>
            {actions}
            {whole && <CsvButton question={question} query={whole} />}
            {whole && <CopyQuery kind={question.kind} query={whole} />}
            {reset && <Button icon={<ReloadOutlined aria-hidden />} aria-label={t("reset")} title={t("reset")} onClick={reset} />}
            {whole && <SaveChart kind={question.kind} query={whole} title={props.chartTitle ?? title} />}
          </>
        }
      />
      <div className="question">
        <Button className="question-fold" aria-expanded={shown} icon={shown ? <UpOutlined aria-hidden /> : <DownOutlined aria-hidden />} onClick={() => setShown(!shown)}>
          {t(shown ? "fold" : "unfold")}
        </Button>
        <section className={`card question-form ${shown ? "" : "folded"}`} aria-label={t("form")}>
          {form}
          {semantics && (
            <details className="question-how">
              <summary>{t("semantics")}</summary>
              {semantics}
            </details>
          )}
        </section>
        <section className="stack question-main" aria-label={t("answer")} aria-busy={asking.asking}>
          {(range || people || bar) && (
            <div className="row question-bar">
              {range && <RangeField value={query} onChange={(span) => set({ ...query, from: undefined, to: undefined, last: undefined, ...span })} />}
              {people && <PeopleFilter value={query.people} onChange={(rule) => set({ ...query, people: rule })} />}
              {bar}
            </div>
          )}
          <Main {...props} asked={asked} />
          {result && !asking.error && (
            <p className="muted question-foot">
              {t("foot.people", { n: fmt.int(result.people) })} · {t("foot.took", { ms: fmt.int(Math.max(1, Math.round(result.took_ms))) })} · {t("foot.at", { at: fmt.time(result.at) })}
            </p>
          )}
        </section>
      </div>
    </PeopleScope>
  );
}

/** The question that the shown answer belongs to: the people behind a number are those of that question. */
function useAsked<Q extends Common, A>(whole: Q | undefined, asking: Asking<A>): Q | undefined {
  const last = useRef<Q>(undefined);
  if (asking.result !== undefined && !asking.stale && whole !== undefined) last.current = whole;
  return last.current;
}

function Main<Q extends Common, A, Of>({ asking, asked, whole, query, set, missing, isEmpty, examples = [], mends: own, children }: QuestionFrameProps<Q, A, Of> & { asked: Q | undefined }) {
  const t = useT("query");
  const { result, error } = asking;
  const usual = useMends(query, set, asking.again);
  const offered = examples.length > 0 && (
    <div className="question-examples">
      <p className="muted">{t("examples")}</p>
      <ul>
        {examples.map((e) => (
          <li key={e.title}>
            <Button onClick={() => set(e.query)}>{e.title}</Button>
          </li>
        ))}
      </ul>
    </div>
  );
  if (whole === undefined && result === undefined)
    return (
      <Card>
        <EmptyState title={t("missing.title")} text={missing ?? t("missing.text")} action={offered} />
      </Card>
    );
  if (error !== undefined)
    return (
      <Card>
        <QuestionFault error={error} query={query} mends={own?.[error.code] ?? usual(error)} retry={asking.again} />
      </Card>
    );
  const waiting = asking.slow && <RunProgress state={asking.progress} cancel={asking.cancel} />;
  const stopped = asking.cancelled && (
    <div className="run" role="status">
      <div className="row">
        <span className="grow">{t("run.cancelled")}</span>
        <Button size="small" onClick={asking.again}>
          {t("run.again")}
        </Button>
      </div>
    </div>
  );
  if (result === undefined)
    return (
      <Card>
        {waiting || stopped}
        {!stopped && <Loading rows={8} />}
      </Card>
    );
  return (
    <>
      {waiting || stopped}
      {whole === undefined && <p className="question-note">{missing ?? t("missing.text")}</p>}
      {isEmpty?.(result) ? (
        <Card>
          <EmptyState title={t("empty.title")} text={t("empty.text")} action={offered} />
        </Card>
      ) : (
        <div className={`stack ${asking.stale ? "question-stale" : ""}`}>{asked && children(result, asked)}</div>
      )}
    </>
  );
}

/** What can be done with a click about the faults that all questions share. */
function useMends<Q extends Common>(query: Q, set: (next: Q) => void, again: () => void): (error: ApiError) => Mend[] {
  const t = useT("query");
  return (error) => {
    if (error.code === "insight.cancelled") return [{ label: t("run.again"), act: again }];
    return mendings(error).map((m): Mend => {
      if (m.do === "use") return { label: t("mend.use", { name: m.name }), act: () => set(setAt(query, m.path, m.name) as Q) };
      if (m.what === "days") return { label: t("mend.days"), act: () => set({ ...query, from: undefined, to: undefined, last: 30 }) };
      return { label: t(`mend.${m.what}`, { step: m.step }), act: () => set(setAt(query, m.path, undefined) as Q) };
    });
  };
}

/** One labelled part of a question's form. */
export function Field({ label, help, children }: { label: ReactNode; help?: ReactNode; children: ReactNode }) {
  return (
    <div className="question-field" role="group" aria-label={typeof label === "string" ? label : undefined}>
      <h3>{label}</h3>
      {help && <p className="muted">{help}</p>}
      {children}
    </div>
  );
}
