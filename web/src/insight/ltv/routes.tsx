import { GoldOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";
import { questionSearch } from "../query/useQueryState";

export const ltvRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/insight/ltv",
  validateSearch: questionSearch,
  component: lazyRouteComponent(() => import("./LtvPage"), "LtvPage"),
});

export const ltvRoutes = [ltvRoute] as const;
export const ltvNav: NavItem[] = [{ section: "insight", to: "/insight/ltv", room: "ltv", icon: <GoldOutlined aria-hidden />, order: 46 }];
