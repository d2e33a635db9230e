import { paragraphs } from "./text";

/** A text on a board. */
export function TextBlock({ text }: { text: string }) {
  return (
    <div className="board-text">
      {paragraphs(text).map((p, i) => {
        const said = p.lines.map((line, n) => (
          <span key={n}>
            {n > 0 && <br />}
            {line.map((r, k) => (r.bold ? <b key={k}>{r.text}</b> : r.text))}
          </span>
        ));
        if (p.heading === 1) return <h2 key={i}>{said}</h2>;
        if (p.heading > 1) return <h3 key={i}>{said}</h3>;
        return (
          <p key={i} className={p.point ? "point" : undefined}>
            {said}
          </p>
        );
      })}
    </div>
  );
}
