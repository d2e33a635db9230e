// The shapes that every kind of question shares, as the server has them (package insight). What a kind adds is with its room.

import type { Page, PersonRow } from "../../api/types";

/** Which days: from and to, both included, or the last n days up to today (or up to `to`). */
export interface Span {
  /** YYYY-MM-DD */
  from?: string;
  to?: string;
  last?: number;
}

/** What every query has. */
export interface Common extends Span {
  /** A rule's text: only people for whom it holds now. */
  people?: string;
}

export interface Step {
  /** "" is any activity of the person. */
  event: string;
  /** A condition over the event's properties, as in rules: event.revenue >= 100 */
  where?: string;
  /** What to call it instead of the event's name. */
  title?: string;
  /** Here only, never sent: its event is not chosen yet. See wholeSteps. */
  open?: boolean;
}

export const breakdownsBy = ["property", "channel", "first_channel", "trait", "tier", "segment", "tag"] as const;

export interface Breakdown {
  by: (typeof breakdownsBy)[number];
  /** Of the property, trait or tier. */
  name?: string;
  /** The segments or tags. */
  names?: string[];
  /** How many groups are told one by one; the others are one group. 10 unless told. */
  limit?: number;
}

/** One group of a breakdown. */
export interface Group {
  /** The value as text, or the key of the segment, tag or level. */
  key: string;
  title?: string;
  /** Those without a value. */
  none?: boolean;
  /** All smaller groups together. */
  rest?: boolean;
}

export interface Result<A> {
  kind: string;
  /** The days that were asked about, both included. */
  from: string;
  to: string;
  /** Whom the question is about. */
  people: number;
  /** What was known when it was answered. */
  at: string;
  took_ms: number;
  /** The answer was made before, and nothing has changed since. */
  kept?: boolean;
  answer: A;
}

/** A question that is being answered. */
export interface RunState {
  id: string;
  kind: string;
  author: string;
  /** What is being done: waiting, columns, people, scan … */
  stage: string;
  done: number;
  total: number;
  started_at: string;
  seconds_left: number | null;
}

export type PeoplePage = Page<PersonRow> & { total: number };

/** What is asked for to keep the people behind a number. */
export interface KeepIn {
  key?: string;
  title: string;
  description?: string;
}

/** The segment that was made of them. */
export interface Kept {
  key: string;
  title: string;
  people: number;
}
