import dayjs from "dayjs";
import type { Grain } from "../../api/types";
import { stringifySearch } from "../../app/search";

const people = (f: string[], sort?: string) => `/pool/people${stringifySearch({ f, sort })}`;
const back = (day: string, days: number) => dayjs(day).subtract(days, "day").format("YYYY-MM-DD");

/** Where a figure of the overview leads: the people behind it. Undefined where the list has no filter that means the same. */
export function links(range: { from: string; to: string }, today: string, activeDays: number | undefined) {
  const { from, to } = range;
  // "last seen" and "last order" tell of now: for a range that ends today they mean the same as the figure
  const seenSince = (days: number | undefined) =>
    to === today && days !== undefined ? people([`last_seen:gte:${back(to, days - 1)}`]) : undefined;
  const open = to === today;
  const fresh = [`first_seen:gte:${from}`, `first_seen:lte:${to}`];
  const byChannel = (channel: string) => (channel === "" ? "channel:unset:" : `channel:eq:${channel}`);
  return {
    people: people([`first_seen:lte:${to}`]),
    new: people(fresh, "-first_seen"),
    newIn: (a: string, b: string) => people([`first_seen:gte:${a}`, `first_seen:lte:${b}`], "-first_seen"),
    /** Did anything in the range. */
    active: open ? people([`last_seen:gte:${from}`]) : undefined,
    wau: seenSince(7),
    mau: seenSince(30),
    /** In the active and the silent stock at the end of the range. */
    activeStock: seenSince(activeDays),
    silentStock: open && activeDays !== undefined ? people([`last_seen:lte:${back(to, activeDays)}`]) : undefined,
    buyers: people([open ? `last_order:gte:${from}` : "orders:gte:1"], "-revenue"),
    repeat: people([...(open ? [`last_order:gte:${from}`] : []), "orders:gte:2"], "-orders"),
    class: (c: string) => people([`class:eq:${c}`, ...fresh]),
    channel: (channel: string) => people([byChannel(channel), ...fresh]),
    channelBuyers: (channel: string) => people([byChannel(channel), ...fresh, "orders:gte:1"], "-revenue"),
  };
}

/** First and last day of the bucket that begins on a day, kept within the range. */
export function bucket(date: string, grain: Grain, range: { from: string; to: string }): [string, string] {
  const end = grain === "day" ? date : grain === "week" ? back(date, -6) : dayjs(date).endOf("month").format("YYYY-MM-DD");
  return [date > range.from ? date : range.from, end < range.to ? end : range.to];
}

/** The day on which the bucket of a day begins; weeks begin on Monday. */
export function bucketStart(date: string, grain: Grain): string {
  if (grain === "day") return date;
  if (grain === "month") return `${date.slice(0, 7)}-01`;
  return back(date, (dayjs(date).day() + 6) % 7);
}
