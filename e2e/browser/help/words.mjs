// The console's own words, so that a test finds a button by what a reader would look for, in either language.

import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const source = join(import.meta.dirname, "../../../web/src");

export const languages = ["zh-CN", "en"];

/** t("room:key.of.word", { slot: value }) as the console says it. */
export function wordsOf(lang) {
  const rooms = {};
  for (const file of readdirSync(source, { recursive: true })) {
    if (basename(file) === `locale.${lang}.json`) rooms[basename(dirname(file))] = JSON.parse(readFileSync(join(source, file), "utf8"));
  }
  return (key, slots = {}) => {
    const [room, path] = key.split(":");
    const word = path.split(".").reduce((at, step) => at?.[step], rooms[room]);
    if (typeof word !== "string") throw new Error(`the console has no word ${key} in ${lang}`);
    return word.replace(/\{\{(\w+)\}\}/g, (_, slot) => String(slots[slot]));
  };
}
