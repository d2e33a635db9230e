import { SettingOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: "/settings/system",
  component: lazyRouteComponent(() => import("./SystemPage"), "SystemPage"),
});

export const systemRoutes = [page] as const;
export const systemNav: NavItem[] = [{ section: "settings", to: "/settings/system", room: "system", icon: <SettingOutlined aria-hidden />, order: 43 }];
