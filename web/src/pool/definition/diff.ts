export interface Piece {
  kind: "same" | "del" | "ins";
  text: string;
}

const words = (text: string): string[] => text.match(/\s+|[\p{Script=Han}]|[\p{L}\p{N}_]+|./gsu) ?? [];

/** What was taken out and what was put in, word by word; for texts too long to compare, the whole of both. */
export function pieces(from: string, to: string): Piece[] {
  const [a, b] = [words(from), words(to)];
  if (a.length * b.length > 400_000) return from === to ? [{ kind: "same", text: from }] : [{ kind: "del", text: from }, { kind: "ins", text: to }];
  // longest common subsequence, from the end
  const width = b.length + 1;
  const best = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i * width + j] = a[i] === b[j] ? (best[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0);
  const out: Piece[] = [];
  const add = (kind: Piece["kind"], text: string) => {
    const end = out.at(-1);
    if (end?.kind === kind) end.text += text;
    else out.push({ kind, text });
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add("same", a[i] ?? "");
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && (best[(i + 1) * width + j] ?? 0) >= (best[i * width + j + 1] ?? 0))) add("del", a[i++] ?? "");
    else add("ins", b[j++] ?? "");
  }
  return out;
}
