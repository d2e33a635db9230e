import { BranchesOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";
import { questionSearch } from "../query/useQueryState";

export const pathRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/insight/path",
  validateSearch: questionSearch,
  component: lazyRouteComponent(() => import("./PathPage"), "PathPage"),
});

export const pathRoutes = [pathRoute] as const;
export const pathNav: NavItem[] = [{ section: "insight", to: "/insight/path", room: "path", icon: <BranchesOutlined aria-hidden />, order: 44 }];
