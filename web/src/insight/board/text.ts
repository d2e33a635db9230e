/** A piece of a text block, read as the server's mails read it: headings, points, paragraphs with **bold**. */
export interface Paragraph {
  heading: 0 | 1 | 2 | 3;
  point: boolean;
  lines: Run[][];
}

export interface Run {
  text: string;
  bold: boolean;
}

export function paragraphs(text: string): Paragraph[] {
  const all: Paragraph[] = [];
  let joined = false; // whether the next plain line goes on with the paragraph before
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === "") {
      joined = false;
      continue;
    }
    const [, signs = "", titled = ""] = /^(#{1,3}) (.*)$/.exec(line) ?? [];
    const [, listed = ""] = /^[-*] (.*)$/.exec(line) ?? [];
    const last = all.at(-1);
    if (titled !== "") all.push({ heading: signs.length as 1 | 2 | 3, point: false, lines: [runs(titled.trim())] });
    else if (listed !== "") all.push({ heading: 0, point: true, lines: [runs(listed.trim())] });
    else if (joined && last) last.lines.push(runs(line));
    else all.push({ heading: 0, point: false, lines: [runs(line)] });
    joined = titled === "" && listed === "";
  }
  return all;
}

/** Stars without a partner are stars. */
function runs(line: string): Run[] {
  return line
    .split(/\*\*(.+?)\*\*/)
    .map((text, i) => ({ text, bold: i % 2 === 1 }))
    .filter((r) => r.text !== "");
}
