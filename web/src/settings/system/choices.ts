import type { Lang } from "../../app/prefs";

export interface Choice {
  value: string;
  label: string;
}

// ISO 3166 regions, in which telephone numbers without a country code are read
const regions =
  "CN HK MO TW SG MY TH VN ID PH JP KR IN AE SA AU NZ US CA MX BR AR CL CO PE GB IE FR DE IT ES PT NL BE CH AT SE NO DK FI PL CZ HU RO GR TR RU UA KZ IL EG ZA NG KE MA PK BD LK NP MM KH LA MN".split(" ");

const usualCurrencies = ["CNY", "HKD", "TWD", "SGD", "USD", "EUR", "GBP", "JPY", "KRW", "MYR", "THB", "VND", "IDR", "AUD", "CAD"];

function named(codes: string[], lang: Lang, type: "region" | "currency"): Choice[] {
  const names = new Intl.DisplayNames(lang, { type });
  return codes.map((value) => ({ value, label: `${names.of(value) ?? value} · ${value}` }));
}

export const regionChoices = (lang: Lang): Choice[] => named(regions, lang, "region");

export function currencyChoices(lang: Lang): Choice[] {
  const all = Intl.supportedValuesOf("currency").filter((c) => !usualCurrencies.includes(c));
  return named([...usualCurrencies, ...all], lang, "currency");
}

/** Every zone with its present distance from UTC, the usual ones first. */
export function zoneChoices(lang: Lang, now: Date): Choice[] {
  const usual = ["Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "UTC"];
  const zones = [...usual, ...Intl.supportedValuesOf("timeZone").filter((z) => !usual.includes(z))];
  return zones.map((value) => {
    const part = (kind: "longGeneric" | "shortOffset") =>
      new Intl.DateTimeFormat(lang, { timeZone: value, timeZoneName: kind }).formatToParts(now).find((p) => p.type === "timeZoneName")?.value ?? "";
    return { value, label: `${value} · ${part("shortOffset")}` };
  });
}
