import { TeamOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: "/settings/team",
  component: lazyRouteComponent(() => import("./TeamPage"), "TeamPage"),
});

export const teamRoutes = [page] as const;
export const teamNav: NavItem[] = [{ section: "settings", to: "/settings/team", room: "team", icon: <TeamOutlined aria-hidden />, order: 42 }];
