import { ImportOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../app/root";

const imports = createRoute({
  getParentRoute: () => shellRoute,
  path: "/settings/import",
  component: lazyRouteComponent(() => import("./ImportPage"), "ImportPage"),
});

const one = createRoute({
  getParentRoute: () => shellRoute,
  path: "/settings/import/$id",
  component: lazyRouteComponent(() => import("./ProgressPage"), "ProgressPage"),
});

export const importerRoutes = [imports, one] as const;
export const importerNav: NavItem[] = [{ section: "settings", to: "/settings/import", room: "importer", icon: <ImportOutlined aria-hidden />, order: 41 }];
