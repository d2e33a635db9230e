import { LineChartOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";
import { questionSearch } from "../query/useQueryState";

export const trendRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/insight/trend",
  validateSearch: questionSearch,
  component: lazyRouteComponent(() => import("./TrendPage"), "TrendPage"),
});

export const trendRoutes = [trendRoute] as const;
export const trendNav: NavItem[] = [{ section: "insight", to: "/insight/trend", room: "trend", icon: <LineChartOutlined aria-hidden />, order: 41 }];
