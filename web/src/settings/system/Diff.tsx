import type { Change } from "../../api/types";
import { useT } from "../../app/i18n";
import { fieldOf } from "./changes";

const show = (v: unknown): string => (v === undefined || v === null || v === "" ? "—" : typeof v === "object" ? JSON.stringify(v) : String(v));

/** What changed, field by field: the old value struck, the new one beside it. */
export function Diff({ changes }: { changes: Change[] }) {
  const t = useT("system");
  return (
    <ul className="diff">
      {changes.map((c) => {
        const field = fieldOf(c.path);
        return (
          <li key={c.path}>
            <span>{field ? t(`field.${field}`) : c.path}</span>
            {c.from !== undefined && c.from !== null && (
              <>
                <del>{show(c.from)}</del>
                <span aria-hidden>→</span>
              </>
            )}
            <ins>{show(c.to)}</ins>
          </li>
        );
      })}
    </ul>
  );
}
