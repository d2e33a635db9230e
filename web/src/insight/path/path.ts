import { question } from "../query/question";
import type { Common, Step } from "../query/wire";

export const directions = ["after", "before"] as const;
export type Direction = (typeof directions)[number];

/** Which of a person's events in the range begin a path. */
export const whiches = ["first", "last", "every"] as const;
export type Which = (typeof whiches)[number];

export interface PathQuery extends Common {
  /** The event from which one looks. */
  anchor: Step;
  direction?: Direction;
  which?: Which;
  /** How many events to follow, 1 … 10. */
  steps?: number;
  /** Events of one name in a row are one. */
  collapse?: boolean;
  /** A longer pause ends a path: "30m", "12h", "7d". */
  gap?: string;
  /** Names with a smaller share of all paths are put together as others. */
  min_share?: number;
  /** Events to leave out. */
  without?: string[];
}

export type What = "event" | "others" | "end";

export interface PathNode {
  /** 0 is the anchor. */
  step: number;
  what: What;
  event?: string;
  /** How many names the others are. */
  names?: number;
  paths: number;
  /** Of all paths. */
  share: number;
}

/** From and to are places in the list of nodes. */
export interface PathLink {
  from: number;
  to: number;
  paths: number;
  /** Of the paths of the node it comes from. */
  share: number;
}

export interface PathRoute {
  events: string[];
  /** It ends before the last step. */
  ended: boolean;
  paths: number;
  share: number;
}

export interface PathAnswer {
  paths: number;
  nodes: PathNode[];
  links: PathLink[];
  routes: PathRoute[];
  /** Every route was counted. */
  all_routes: boolean;
}

export interface PathRef {
  what?: What;
  event?: string;
}

/** The people behind a node, a link (a node and the next one), or a route. */
export interface PathOf {
  step: number;
  node?: PathRef;
  next?: PathRef;
  route?: string[];
  ended?: boolean;
}

export const path = question<PathQuery, PathAnswer, PathOf>("path");

export const mostSteps = 10;
export const usualSteps = 5;
export const usualShare = 0.02;
