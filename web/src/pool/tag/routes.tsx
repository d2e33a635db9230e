import { TagsOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { TagMode } from "../../api/rules";
import { shellRoute, type NavItem } from "../../app/root";
import { one } from "../../app/search";

const modes: readonly TagMode[] = ["manual", "rule"];

export const tagsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/tags",
  validateSearch: (s: Record<string, unknown>): { q?: string; group?: string; mode?: TagMode; archived?: "1" } => ({
    q: one(s.q),
    group: one(s.group),
    mode: modes.find((m) => m === one(s.mode)),
    archived: one(s.archived) === "1" ? "1" : undefined,
  }),
  component: lazyRouteComponent(() => import("./TagsPage"), "TagsPage"),
});

export const newTagRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/tags/new",
  validateSearch: (s: Record<string, unknown>): { group?: string } => ({ group: one(s.group) }),
  component: lazyRouteComponent(() => import("./NewTagPage"), "NewTagPage"),
});

export const tagTabs = ["people", "history", "versions"] as const;
export type TagTab = (typeof tagTabs)[number];

export const tagRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/tags/$key",
  validateSearch: (s: Record<string, unknown>): { tab?: TagTab } => ({ tab: tagTabs.find((tab) => tab === one(s.tab)) }),
  component: lazyRouteComponent(() => import("./TagPage"), "TagPage"),
});

export const editTagRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/tags/$key/edit",
  component: lazyRouteComponent(() => import("./EditTagPage"), "EditTagPage"),
});

export const tagRoutes = [tagsRoute, newTagRoute, tagRoute, editTagRoute] as const;
export const tagNav: NavItem[] = [{ section: "pool", to: "/pool/tags", room: "tag", icon: <TagsOutlined aria-hidden />, order: 12 }];
