import { createContext, useContext, type ReactNode } from "react";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";

/** Opens the people behind a number; null where there is nobody to show them to, such as a shared board. */
export type OpenPeople = (of: unknown, title: string) => void;
export const OpenPeopleContext = createContext<OpenPeople | null>(null);

/** Opens the people behind a number of the question around: for clicks into a chart. null: it cannot be done here. */
export function useOpenPeople<Of>(): ((of: Of, title: string) => void) | null {
  return useContext(OpenPeopleContext);
}

export interface NumberLinkProps<Of> {
  /** How many people; 0 leads nowhere. */
  n: number;
  of: Of;
  /** Who they are, in words: "Bought, but did not pay". */
  title: string;
  /** Shown instead of the number, such as a share. */
  children?: ReactNode;
}

/** A number of an answer; it opens the people behind it. */
export function NumberLink<Of>({ n, of, title, children }: NumberLinkProps<Of>) {
  const t = useT("query");
  const fmt = useFmt();
  const open = useOpenPeople<Of>();
  const said = children ?? fmt.int(n);
  if (n === 0 || open === null) return <>{said}</>;
  return (
    <button type="button" className="number-link" title={t("people.open", { title })} aria-label={t("people.open_n", { n: fmt.int(n), title })} onClick={() => open(of, title)}>
      {said}
    </button>
  );
}
