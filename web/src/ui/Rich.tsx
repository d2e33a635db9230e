/** A text of the word lists in which <b>…</b> marks what matters; nothing else is read as markup. */
export function Rich({ text }: { text: string }) {
  return text.split(/<b>(.*?)<\/b>/s).map((part, i) => (i % 2 === 1 ? <b key={i}>{part}</b> : part));
}
