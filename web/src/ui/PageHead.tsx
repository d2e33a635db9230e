import { useEffect, type ReactNode } from "react";
import { usePool } from "../app/session";

/** A page's head: title, the one sentence that answers first, and what one can do here; a mark, such as an avatar, beside them. */
export function PageHead({ title, answer, actions, above, mark }: { title: string; answer?: ReactNode; actions?: ReactNode; above?: ReactNode; mark?: ReactNode }) {
  const { name } = usePool();
  useEffect(() => {
    document.title = name === "" ? title : `${title} · ${name}`;
  }, [title, name]);
  return (
    <header className="page-head">
      <div className="grow">
        {above && <div className="page-above">{above}</div>}
        <div className={mark ? "page-marked" : undefined}>
          {mark}
          <div className="grow">
            <h1>{title}</h1>
            {answer && <p className="answer">{answer}</p>}
          </div>
        </div>
      </div>
      {actions && <div className="row page-actions">{actions}</div>}
    </header>
  );
}

/** A titled surface on a page. */
export function Card({ title, note, actions, className = "", children }: { title?: ReactNode; note?: ReactNode; actions?: ReactNode; className?: string; children: ReactNode }) {
  return (
    <section className={`card ${className}`}>
      {(title || actions) && (
        <div className="card-head">
          <div className="grow">
            {title && <h2>{title}</h2>}
            {note && <p>{note}</p>}
          </div>
          {actions && <div className="row">{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
