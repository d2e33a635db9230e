import { CopyButton } from "../../ui/CopyText";

/** Code to copy. */
export function Code({ lang, text, warning }: { lang: string; text: string; warning?: string }) {
  return (
    <div className="code">
      <div className="code-head">
        <span>
          {lang}
          {warning !== undefined && <span className="code-warning"> · {warning}</span>}
        </span>
        <CopyButton text={text} />
      </div>
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </div>
  );
}
