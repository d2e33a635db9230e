import type { Problem } from "../../api/rules";

/** Where characters (as the server counts them) begin and end in a text of UTF-16. At least one unit wide where the text allows. */
export function spanOf(text: string, { offset, length }: Pick<Problem, "offset" | "length">): [number, number] {
  let at = 0;
  let chars = 0;
  let from = text.length;
  for (const c of text) {
    if (chars === offset) from = at;
    if (chars === offset + length) break;
    at += c.length;
    chars++;
  }
  from = Math.min(from, at);
  return from === at ? (at < text.length ? [from, at + 1] : [Math.max(0, at - 1), at]) : [from, at];
}

/** The text with a problem's place taken by a suggestion. Within quotes the suggestion goes between them. */
export function mended(text: string, problem: Pick<Problem, "offset" | "length">, suggestion: string): string {
  const [from, to] = spanOf(text, problem);
  const was = text.slice(from, to);
  const quote = /^["']/.exec(was)?.[0];
  const put = quote !== undefined && !/^["']/.test(suggestion) ? quote + suggestion.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`) + quote : suggestion;
  return text.slice(0, from) + put + text.slice(to);
}

export type Token = { kind: "string" | "number" | "word" | "name" | "rest"; text: string };

const lexer = /("(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)|(\b\d+(?:\.\d+)?\b)|([A-Za-z_]\w*)(?=\s*\()|(\btrue\b|\bfalse\b|\bin\b)/g;

/** A text in pieces for colouring: together they are the text again. */
export function tokens(text: string): Token[] {
  const out: Token[] = [];
  let at = 0;
  for (const m of text.matchAll(lexer)) {
    if (m.index > at) out.push({ kind: "rest", text: text.slice(at, m.index) });
    out.push({ kind: m[1] !== undefined ? "string" : m[2] !== undefined ? "number" : m[3] !== undefined ? "name" : "word", text: m[0] });
    at = m.index + m[0].length;
  }
  if (at < text.length) out.push({ kind: "rest", text: text.slice(at) });
  return out;
}

/** The tokens cut at the edges of marked spans; what lies within one is marked. */
export function marked(text: string, spans: [number, number][]): (Token & { bad: boolean })[] {
  const cuts = [...new Set(spans.flat())].sort((a, b) => a - b);
  const out: (Token & { bad: boolean })[] = [];
  let at = 0;
  for (const token of tokens(text)) {
    const end = at + token.text.length;
    const edges = [at, ...cuts.filter((c) => c > at && c < end), end];
    for (let i = 0; i + 1 < edges.length; i++) {
      const [from = 0, to = 0] = [edges[i], edges[i + 1]];
      out.push({ kind: token.kind, text: text.slice(from, to), bad: spans.some(([a, b]) => from >= a && to <= b) });
    }
    at = end;
  }
  return out;
}
