import { HeatMapOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: "/insight/retention",
  component: lazyRouteComponent(() => import("./RetentionPage"), "RetentionPage"),
});

export const retentionRoutes = [page] as const;
export const retentionNav: NavItem[] = [{ section: "insight", to: "/insight/retention", room: "retention", icon: <HeatMapOutlined />, order: 20 }];
