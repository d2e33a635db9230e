import { usePool } from "../app/session";
import { useLang, type Lang } from "../app/prefs";
import { useMemo } from "react";

/** How many digits a currency's minor unit has: 2 for CNY, 0 for JPY. */
export function minorDigits(currency: string): number {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2; // not a currency Intl knows
  }
}

export interface Fmt {
  /** 12,345 */
  int(n: number): string;
  /** 1.2万 / 12K: for axes and tight places. */
  compact(n: number): string;
  /** 0.1234 → 12.3% */
  pct(rate: number, digits?: number): string;
  /** Minor units → ¥1,234.50; the pool's currency unless told. */
  money(minor: number, currency?: string): string;
  /** Minor units → ¥1.2万 */
  moneyCompact(minor: number, currency?: string): string;
  /** Minor units → 1234.5, for axes and files. */
  major(minor: number, currency?: string): number;
  bytes(n: number): string;
  /** "2026-10-05" → 10月5日 / Oct 5 */
  day(date: string): string;
  /** "2026-10-05" → 2026年10月5日 / Oct 5, 2026 */
  longDay(date: string): string;
  /** "2026-10" or a day → 2026年10月 / Oct 2026 */
  month(date: string): string;
  /** An instant, in the pool's zone, to the second. */
  time(at: string): string;
  /** An instant as HH:MM:SS in the pool's zone. */
  clock(at: string): string;
  /** An instant against now: 3 分钟前 / 3 min. ago */
  ago(at: string, now: number): string;
  /** Seconds → 2 天 3 小时 / 2 days, 3 hr */
  span(seconds: number): string;
  /** The instant's day in the pool's zone, 2006-01-02. */
  dayOf(at: string | number | Date): string;
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** Seconds within which nobody wants to know the second. */
const justNow = 5;

/** Formats for one language, zone and currency. Calendar days are read as such and never shifted by a zone. */
export function formats(lang: Lang, timeZone: string, poolCurrency: string): Fmt {
  const int = new Intl.NumberFormat(lang, { maximumFractionDigits: 0 });
  const compact = new Intl.NumberFormat(lang, { notation: "compact", maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(lang, { month: "short", day: "numeric", timeZone: "UTC" });
  const longDay = new Intl.DateTimeFormat(lang, { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" });
  const month = new Intl.DateTimeFormat(lang, { year: "numeric", month: "short", timeZone: "UTC" });
  const time = new Intl.DateTimeFormat(lang, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZone,
  });
  const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone });
  const dayOf = new Intl.DateTimeFormat("sv", { timeZone }); // Swedish dates are ISO dates
  const rel = new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "short" });
  const monies = new Map<string, Intl.NumberFormat>();
  const money = (currency: string, tight: boolean): Intl.NumberFormat => {
    const key = currency + tight;
    let f = monies.get(key);
    if (f === undefined) {
      const shape: Intl.NumberFormatOptions = tight ? { notation: "compact", maximumFractionDigits: 1 } : {};
      try {
        f = new Intl.NumberFormat(lang, { style: "currency", currency, currencyDisplay: "narrowSymbol", ...shape });
      } catch {
        f = new Intl.NumberFormat(lang, { minimumFractionDigits: 2, ...shape });
      }
      monies.set(key, f);
    }
    return f;
  };
  const major = (minor: number, currency = poolCurrency) => minor / 10 ** minorDigits(currency);
  const utc = (date: string) => new Date(`${date.length === 7 ? `${date}-01` : date.slice(0, 10)}T00:00:00Z`);
  const unit = (n: number, u: string) => new Intl.NumberFormat(lang, { style: "unit", unit: u, unitDisplay: "short", maximumFractionDigits: 1 }).format(n);

  return {
    int: (n) => int.format(n),
    compact: (n) => compact.format(n),
    pct: (rate, digits = 1) =>
      new Intl.NumberFormat(lang, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(rate),
    money: (minor, currency = poolCurrency) => money(currency, false).format(major(minor, currency)),
    moneyCompact: (minor, currency = poolCurrency) => {
      const n = major(minor, currency);
      return Math.abs(n) < 10_000 ? money(currency, false).format(n) : money(currency, true).format(n);
    },
    major,
    bytes: (n) => {
      const names = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
      const i = n < 1 ? 0 : Math.min(Math.floor(Math.log(n) / Math.log(1024)), names.length - 1);
      // Intl's "97 byte" is neither short nor English
      return i === 0 ? `${int.format(n)} B` : unit(n / 1024 ** i, names[i] ?? "byte");
    },
    day: (d) => day.format(utc(d)),
    longDay: (d) => longDay.format(utc(d)),
    month: (d) => month.format(utc(d)),
    time: (at) => time.format(new Date(at)),
    clock: (at) => clock.format(new Date(at)),
    ago: (at, now) => {
      const seconds = (new Date(at).getTime() - now) / 1000;
      if (Math.abs(seconds) < justNow) return lang === "en" ? "just now" : "刚刚";
      const [name, size] = steps.find(([, s]) => Math.abs(seconds) >= s) ?? ["second", 1];
      return rel.format(Math.trunc(seconds / size), name);
    },
    span: (seconds) => {
      const parts: string[] = [];
      let rest = Math.max(0, Math.round(seconds));
      for (const [name, size] of steps.slice(2)) {
        if (rest >= size && parts.length < 2) {
          parts.push(unit(Math.floor(rest / size), name));
          rest %= size;
        } else if (parts.length > 0) break;
      }
      return parts.join(" ") || unit(0, "second");
    },
    dayOf: (at) => dayOf.format(new Date(at)),
  };
}

/** Formats in the reader's language and the pool's zone and currency. */
export function useFmt(): Fmt {
  const lang = useLang();
  const { time_zone, currency } = usePool();
  return useMemo(() => formats(lang, time_zone, currency), [lang, time_zone, currency]);
}
