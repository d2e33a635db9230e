import { PartitionOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";
import { many, one } from "../../app/search";
import type { SegmentMode } from "../../api/rules";

const modes: readonly SegmentMode[] = ["live", "static"];

export const segmentsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/segments",
  validateSearch: (s: Record<string, unknown>): { q?: string; mode?: SegmentMode; archived?: "1" } => ({
    q: one(s.q),
    mode: modes.find((m) => m === one(s.mode)),
    archived: one(s.archived) === "1" ? "1" : undefined,
  }),
  component: lazyRouteComponent(() => import("./SegmentsPage"), "SegmentsPage"),
});

/** A new segment; with a rule to begin with, which other pages hand over. */
export const newSegmentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/segments/new",
  validateSearch: (s: Record<string, unknown>): { rule?: string; title?: string } => ({ rule: one(s.rule), title: one(s.title) }),
  component: lazyRouteComponent(() => import("./NewSegmentPage"), "NewSegmentPage"),
});

/** How many segments an overlap takes. */
export const overlapMost = 5;

export const overlapRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/segments/overlap",
  validateSearch: (s: Record<string, unknown>): { s?: string[] } => ({ s: many(s.s)?.slice(0, overlapMost) }),
  component: lazyRouteComponent(() => import("./OverlapPage"), "OverlapPage"),
});

export const segmentTabs = ["people", "entered", "left", "versions"] as const;
export type SegmentTab = (typeof segmentTabs)[number];

export const segmentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/segments/$key",
  validateSearch: (s: Record<string, unknown>): { tab?: SegmentTab; date?: string; why?: number } => ({
    tab: segmentTabs.find((tab) => tab === one(s.tab)),
    date: /^\d{4}-\d\d-\d\d$/.exec(one(s.date) ?? "")?.[0],
    why: Number(one(s.why)) || undefined,
  }),
  component: lazyRouteComponent(() => import("./SegmentPage"), "SegmentPage"),
});

export const editSegmentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/segments/$key/edit",
  component: lazyRouteComponent(() => import("./EditSegmentPage"), "EditSegmentPage"),
});

export const segmentRoutes = [segmentsRoute, newSegmentRoute, overlapRoute, segmentRoute, editSegmentRoute] as const;
export const segmentNav: NavItem[] = [{ section: "pool", to: "/pool/segments", room: "segment", icon: <PartitionOutlined aria-hidden />, order: 11 }];
