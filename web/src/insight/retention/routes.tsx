import { HeatMapOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";
import { one } from "../../app/search";

export interface RetentionSearch {
  from?: string;
  to?: string;
  event?: string;
}

const month = (v: unknown) => {
  const text = one(v);
  return text !== undefined && /^\d{4}-\d{2}$/.test(text) ? text : undefined;
};

export const retentionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/insight/retention",
  validateSearch: (s: Record<string, unknown>): RetentionSearch => ({ from: month(s.from), to: month(s.to), event: one(s.event) }),
  component: lazyRouteComponent(() => import("./RetentionPage"), "RetentionPage"),
});

export const retentionRoutes = [retentionRoute] as const;
export const retentionNav: NavItem[] = [
  { section: "insight", to: "/insight/retention", room: "retention", icon: <HeatMapOutlined aria-hidden />, order: 20 },
];
