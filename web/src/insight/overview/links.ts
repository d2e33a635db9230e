import dayjs from "dayjs";
import { stringifySearch } from "../../app/search";

const people = (f: string[], sort?: string) => `/pool/people${stringifySearch({ f, sort })}`;
const back = (day: string, days: number) => dayjs(day).subtract(days, "day").format("YYYY-MM-DD");

/** Where a figure of the overview leads: the people behind it. Undefined where the list has no filter that means the same. */
export function links(range: { from: string; to: string }, today: string, activeDays: number | undefined) {
  const { from, to } = range;
  // "last seen" tells of now, so activity can be listed for a range that ends today only
  const seenSince = (days: number | undefined) =>
    to === today && days !== undefined ? people([`last_seen:gte:${back(to, days - 1)}`]) : undefined;
  return {
    people: people([`first_seen:lte:${to}`]),
    new: people([`first_seen:gte:${from}`, `first_seen:lte:${to}`], "-first_seen"),
    newIn: (a: string, b: string) => people([`first_seen:gte:${a}`, `first_seen:lte:${b}`], "-first_seen"),
    active: seenSince(activeDays),
    silent: to === today && activeDays !== undefined ? people([`last_seen:lte:${back(to, activeDays)}`]) : undefined,
    dau: seenSince(1),
    wau: seenSince(7),
    mau: seenSince(30),
    buyers: people(["orders:gte:1"], "-revenue"),
    repeat: people(["orders:gte:2"], "-orders"),
    channel: (channel: string) =>
      people([channel === "" ? "channel:unset:" : `channel:eq:${channel}`, `first_seen:gte:${from}`, `first_seen:lte:${to}`]),
  };
}

/** First and last day of the bucket that starts on a day, kept within the range. */
export function bucket(date: string, grain: "day" | "week" | "month", to: string): [string, string] {
  const end = grain === "day" ? date : grain === "week" ? back(date, -6) : dayjs(date).endOf("month").format("YYYY-MM-DD");
  return [date, end < to ? end : to];
}
