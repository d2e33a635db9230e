import { RiseOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";
import { questionSearch } from "../query/useQueryState";

export const ladderRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/insight/ladder",
  validateSearch: questionSearch,
  component: lazyRouteComponent(() => import("./LadderPage"), "LadderPage"),
});

export const ladderRoutes = [ladderRoute] as const;
export const ladderNav: NavItem[] = [{ section: "insight", to: "/insight/ladder", room: "ladder", icon: <RiseOutlined aria-hidden />, order: 47 }];
