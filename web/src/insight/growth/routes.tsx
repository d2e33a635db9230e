import { RiseOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";
import { questionSearch } from "../query/useQueryState";

export const growthRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/insight/growth",
  validateSearch: questionSearch,
  component: lazyRouteComponent(() => import("./GrowthPage"), "GrowthPage"),
});

export const growthRoutes = [growthRoute] as const;
export const growthNav: NavItem[] = [{ section: "insight", to: "/insight/growth", room: "growth", icon: <RiseOutlined aria-hidden />, order: 40 }];
