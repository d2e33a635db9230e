import type { Edge, IdentityRef } from "../../api/types";

/** A piece of a sentence: words as they are, or an identity to be drawn as such. */
export type Part = string | IdentityRef;

type Translate = (key: string, values?: Record<string, unknown>) => string;

const reasons: Record<string, string> = {
  identify: "identify",
  alias: "alias",
  "same event": "same_event",
  "by hand": "by_hand",
  import: "import",
};

/** Why two identities belong together: the known reasons in the reader's language, what somebody wrote as they wrote it. */
export function reasonText(reason: string, t: Translate): string {
  const known = reasons[reason];
  return known === undefined ? reason : t(`story.reason.${known}`);
}

/** Whether a person did this by hand, and so has a name worth telling. */
export const byHand = (author: string): boolean => author !== "" && author !== "system" && author !== "pipeline";

/** What one entry of the story says, as a sentence in which identities keep their form. */
export function sentence(edge: Edge, t: Translate): Part[] {
  const reason = reasonText(edge.reason, t);
  const alone = edge.b.value === "" || (edge.a.kind === edge.b.kind && edge.a.scope === edge.b.scope && edge.a.value === edge.b.value);
  const form = alone ? "alone" : reason === "" ? "plain" : "because";
  const text = t(`story.${edge.kind}.${form}`, { reason });
  return text
    .split(/(<[ab]>)/)
    .filter((s) => s !== "")
    .map((s) => (s === "<a>" ? edge.a : s === "<b>" ? edge.b : s));
}

/** The sentence as plain text, for copying and for screen readers. */
export const sentenceText = (edge: Edge, t: Translate, name: (ref: IdentityRef) => string): string =>
  sentence(edge, t)
    .map((p) => (typeof p === "string" ? p : name(p)))
    .join("");

/** The newest first; of one moment the later entry first. */
export const newestFirst = (story: Edge[]): Edge[] => [...story].sort((a, b) => (a.at === b.at ? b.id - a.id : a.at < b.at ? 1 : -1));
