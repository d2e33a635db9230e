import { FunnelPlotOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";
import { questionSearch } from "../query/useQueryState";

export const funnelRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/insight/funnel",
  validateSearch: questionSearch,
  component: lazyRouteComponent(() => import("./FunnelPage"), "FunnelPage"),
});

export const funnelRoutes = [funnelRoute] as const;
export const funnelNav: NavItem[] = [{ section: "insight", to: "/insight/funnel", room: "funnel", icon: <FunnelPlotOutlined aria-hidden />, order: 42 }];
