import { HeatMapOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";
import { questionSearch } from "../query/useQueryState";

export const retentionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/insight/retention",
  validateSearch: questionSearch,
  component: lazyRouteComponent(() => import("./RetentionPage"), "RetentionPage"),
});

export const retentionRoutes = [retentionRoute] as const;
export const retentionNav: NavItem[] = [{ section: "insight", to: "/insight/retention", room: "retention", icon: <HeatMapOutlined aria-hidden />, order: 43 }];
