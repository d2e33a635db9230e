export interface JsonFault {
  /** Both from 1. */
  line: number;
  column: number;
  /** syntax: not JSON; shape: JSON, but not an object. */
  kind: "syntax" | "shape";
}

/** Whether a text is a JSON object; where not, the place. Engines tell the place in many ways or not at all, so it is found here. */
export function checkJson(text: string): JsonFault | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== "object" || Array.isArray(value)) return { line: 1, column: 1, kind: "shape" };
    return undefined;
  } catch {
    const before = text.slice(0, faultAt(text)).split("\n");
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, kind: "syntax" };
  }
}

class Stop extends Error {}

const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/** Index of the first character that no JSON text could have there; the text's end if it breaks off. */
function faultAt(text: string): number {
  let i = 0;
  const space = () => {
    while (" \t\r\n".includes(text[i] ?? "x")) i++;
  };
  const take = (what: RegExp): boolean => {
    what.lastIndex = i;
    const hit = what.exec(text);
    if (hit === null) return false;
    i += hit[0].length;
    return true;
  };
  const need = (ok: boolean) => {
    if (!ok) throw new Stop();
  };
  const char = (c: string): boolean => (text[i] === c ? (i++, true) : false);
  const list = (end: string, item: () => void) => {
    space();
    if (char(end)) return;
    for (;;) {
      space();
      item();
      space();
      if (char(end)) return;
      need(char(","));
    }
  };
  const value = (): void => {
    space();
    if (char("{"))
      list("}", () => {
        need(take(string));
        space();
        need(char(":"));
        value();
      });
    else if (char("[")) list("]", value);
    else need(take(string) || take(scalar));
  };
  try {
    value();
    space();
  } catch (err) {
    if (!(err instanceof Stop)) throw err;
  }
  return i;
}

/** The text with indents, if it is JSON; as it is, if not. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
