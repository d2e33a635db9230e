import { DashboardOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { Grain } from "../../api/types";
import { shellRoute, type NavItem } from "../../app/root";
import { one } from "../../app/search";

export interface OverviewSearch {
  from?: string;
  to?: string;
  grain?: Grain;
}

const day = (v: unknown) => {
  const text = one(v);
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
};

export const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  validateSearch: (s: Record<string, unknown>): OverviewSearch => ({
    from: day(s.from),
    to: day(s.to),
    grain: (["day", "week", "month"] as const).find((g) => g === s.grain),
  }),
  component: lazyRouteComponent(() => import("./OverviewPage"), "OverviewPage"),
});

export const overviewRoutes = [overviewRoute] as const;
export const overviewNav: NavItem[] = [{ section: "overview", to: "/", room: "overview", icon: <DashboardOutlined aria-hidden />, order: 0 }];
