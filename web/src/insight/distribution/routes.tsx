import { BarChartOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";
import { questionSearch } from "../query/useQueryState";

export const distributionRoutes = [
  createRoute({ getParentRoute: () => shellRoute, path: "/insight/distribution", validateSearch: questionSearch, component: lazyRouteComponent(() => import("./DistributionPage"), "DistributionPage") }),
  createRoute({ getParentRoute: () => shellRoute, path: "/insight/distribution/stickiness", validateSearch: questionSearch, component: lazyRouteComponent(() => import("./StickinessPage"), "StickinessPage") }),
  createRoute({ getParentRoute: () => shellRoute, path: "/insight/distribution/interval", validateSearch: questionSearch, component: lazyRouteComponent(() => import("./IntervalPage"), "IntervalPage") }),
  createRoute({ getParentRoute: () => shellRoute, path: "/insight/distribution/rfm", validateSearch: questionSearch, component: lazyRouteComponent(() => import("./RfmPage"), "RfmPage") }),
] as const;

export const distributionNav: NavItem[] = [{ section: "insight", to: "/insight/distribution", room: "distribution", icon: <BarChartOutlined aria-hidden />, order: 45 }];
