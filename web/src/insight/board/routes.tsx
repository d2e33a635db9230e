import { AppstoreOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute, shellRoute, type NavItem } from "../../app/root";
import { one } from "../../app/search";

export const boardTabs = ["boards", "charts"] as const;
export type BoardTab = (typeof boardTabs)[number];

export const boardsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/insight/boards",
  validateSearch: (s: Record<string, unknown>): { q?: string; tab?: BoardTab; archived?: "1" } => ({
    q: one(s.q),
    tab: boardTabs.find((tab) => tab === one(s.tab)),
    archived: one(s.archived) === "1" ? "1" : undefined,
  }),
  component: lazyRouteComponent(() => import("./BoardsPage"), "BoardsPage"),
});

/** A board; f are filters other than its own, as JSON, edit is the board being arranged. */
export const boardRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/insight/boards/$key",
  validateSearch: (s: Record<string, unknown>): { f?: string; edit?: "1" } => ({
    f: one(s.f),
    edit: one(s.edit) === "1" ? "1" : undefined,
  }),
  component: lazyRouteComponent(() => import("./BoardPage"), "BoardPage"),
});

/** A board behind a link, without sign-in. The token stands after the "#", which no server is told. */
export const sharedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/shared",
  component: lazyRouteComponent(() => import("./SharedPage"), "SharedPage"),
});

export const boardRoutes = [boardsRoute, boardRoute] as const;
export const boardNav: NavItem[] = [{ section: "insight", to: "/insight/boards", room: "board", icon: <AppstoreOutlined aria-hidden />, order: 49 }];
