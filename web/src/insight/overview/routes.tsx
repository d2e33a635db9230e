import { DashboardOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  component: lazyRouteComponent(() => import("./OverviewPage"), "OverviewPage"),
});

export const overviewRoutes = [page] as const;
export const overviewNav: NavItem[] = [{ section: "overview", to: "/", room: "overview", icon: <DashboardOutlined />, order: 0 }];
