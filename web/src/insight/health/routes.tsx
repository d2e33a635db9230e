import { HeartOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";
import { one } from "../../app/search";

export const tabs = ["score", "anomalies", "alerts", "rules"] as const;
export type Tab = (typeof tabs)[number];

export const healthRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/insight/health",
  validateSearch: (s: Record<string, unknown>): { tab?: Tab; q?: string } => ({ tab: tabs.find((t) => t === one(s.tab)), q: one(s.q) }),
  component: lazyRouteComponent(() => import("./HealthPage"), "HealthPage"),
});

export const healthRoutes = [healthRoute] as const;
export const healthNav: NavItem[] = [{ section: "insight", to: "/insight/health", room: "health", icon: <HeartOutlined aria-hidden />, order: 48 }];
