import { createRouter } from "@tanstack/react-router";
import type { QueryClient } from "@tanstack/react-query";
import { importerNav, importerRoutes } from "../importer/routes";
import { boardNav, boardRoutes, sharedRoute } from "../insight/board/routes";
import { funnelNav, funnelRoutes } from "../insight/funnel/routes";
import { healthNav, healthRoutes } from "../insight/health/routes";
import { growthNav, growthRoutes } from "../insight/growth/routes";
import { overviewNav, overviewRoutes } from "../insight/overview/routes";
import { pathNav, pathRoutes } from "../insight/path/routes";
import { ladderNav, ladderRoutes } from "../insight/ladder/routes";
import { ltvNav, ltvRoutes } from "../insight/ltv/routes";
import { retentionNav, retentionRoutes } from "../insight/retention/routes";
import { distributionNav, distributionRoutes } from "../insight/distribution/routes";
import { trendNav, trendRoutes } from "../insight/trend/routes";
import { intakeNav, intakeRoutes } from "../intake/routes";
import { poolNav, poolRoutes } from "../pool/routes";
import { systemNav, systemRoutes } from "../settings/system/routes";
import { teamNav, teamRoutes } from "../settings/team/routes";
import { nowhereRoute, rootRoute, setUpRoute, shellRoute, signInRoute, type NavItem } from "./root";
import { parseSearch, stringifySearch } from "./search";

const tree = rootRoute.addChildren([
  signInRoute,
  setUpRoute,
  sharedRoute,
  shellRoute.addChildren([
    ...overviewRoutes,
    ...poolRoutes,
    ...funnelRoutes,
    ...pathRoutes,
    ...growthRoutes,
    ...retentionRoutes,
    ...ltvRoutes,
    ...ladderRoutes,
    ...trendRoutes,
    ...distributionRoutes,
    ...healthRoutes,
    ...boardRoutes,
    ...intakeRoutes,
    ...importerRoutes,
    ...teamRoutes,
    ...systemRoutes,
    nowhereRoute,
  ]),
]);

const nav: NavItem[] = [
  ...overviewNav,
  ...poolNav,
  ...funnelNav,
  ...pathNav,
  ...growthNav,
  ...retentionNav,
  ...ltvNav,
  ...ladderNav,
  ...trendNav,
  ...distributionNav,
  ...healthNav,
  ...boardNav,
  ...intakeNav,
  ...importerNav,
  ...teamNav,
  ...systemNav,
].sort((a, b) => a.order - b.order);

export function newRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client, nav },
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
