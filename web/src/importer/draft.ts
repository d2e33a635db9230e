import { useCallback, useState } from "react";
import type { ImportFile, ImportOptions, Mapping, Preset } from "../api/types";

/** An uploaded file and what is to become of it; kept in this tab until it is started or discarded. */
export interface Draft {
  file: ImportFile;
  preset: Preset;
  mapping: Mapping;
  options: ImportOptions;
}

const place = "huoshui.import.draft";

export const draftOf = (file: ImportFile): Draft => ({ file, preset: file.preset, mapping: file.mapping, options: file.options ?? {} });

function stored(): Draft | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? "null") as Draft | null;
    return typeof kept?.file?.file_id === "string" ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** The present draft; it survives a reload. */
export function useDraft(): [Draft | undefined, (draft: Draft | undefined) => void] {
  const [draft, setDraft] = useState(stored);
  const keep = useCallback((next: Draft | undefined) => {
    setDraft(next);
    try {
      if (next === undefined) sessionStorage.removeItem(place);
      else sessionStorage.setItem(place, JSON.stringify(next));
    } catch {
      // storage refused or full: the draft holds until the page is left
    }
  }, []);
  return [draft, keep];
}
