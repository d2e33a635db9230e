import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import type { Locale } from "antd/es/locale";
import dayjs from "dayjs";
import { langPref, type Lang } from "./prefs";

export interface Strings {
  rooms: Record<string, Record<string, unknown>>;
  antd: Locale;
  dayjs: string;
}

const loaders: Record<Lang, () => Promise<Strings>> = {
  "zh-CN": async () => (await import("./strings.zh-CN")).strings,
  en: async () => (await import("./strings.en")).strings,
};

const loaded = new Map<Lang, Strings>();

/** "/src/insight/overview/locale.en.json" belongs to the room "overview": its namespace is its folder. */
export function byRoom(files: Record<string, Record<string, unknown>>): Strings["rooms"] {
  const rooms: Strings["rooms"] = {};
  for (const [path, words] of Object.entries(files)) {
    const room = path.split("/").at(-2);
    if (room === undefined || room in rooms) throw new Error(`two rooms share the strings' name ${room}`);
    rooms[room] = words;
  }
  return rooms;
}

async function load(lang: Lang): Promise<void> {
  if (!loaded.has(lang)) {
    const strings = await loaders[lang]();
    for (const [room, words] of Object.entries(strings.rooms)) i18next.addResourceBundle(lang, room, words);
    loaded.set(lang, strings);
  }
  dayjs.locale(loaded.get(lang)?.dayjs);
  document.documentElement.lang = lang;
  await i18next.changeLanguage(lang);
}

export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: langPref.get(),
    resources: {},
    ns: [],
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
  await load(langPref.get());
}

export async function switchLang(lang: Lang): Promise<void> {
  await load(lang);
  langPref.set(lang);
}

export const antdLocale = (lang: Lang): Locale | undefined => loaded.get(lang)?.antd;

/** The words of one room; another room's word is `ui:retry`. */
export function useT(room: string) {
  return useTranslation(room).t;
}
