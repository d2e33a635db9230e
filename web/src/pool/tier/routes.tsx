import { BlockOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../../app/root";
import { one } from "../../app/search";

const day = (v: unknown) => /^\d{4}-\d\d-\d\d$/.exec(one(v) ?? "")?.[0];

export const tiersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/tiers",
  component: lazyRouteComponent(() => import("./TiersPage"), "TiersPage"),
});

export const newTierRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/tiers/new",
  validateSearch: (s: Record<string, unknown>): { template?: string } => ({ template: one(s.template) }),
  component: lazyRouteComponent(() => import("./NewTierPage"), "NewTierPage"),
});

export interface RfmSearch {
  event?: string;
  window?: string;
  bins?: number;
  r?: number;
  f?: number;
}

const cell = (v: unknown) => {
  const n = Number(one(v));
  return Number.isInteger(n) && n >= 1 && n <= 10 ? n : undefined;
};

export const rfmRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/tiers/rfm",
  validateSearch: (s: Record<string, unknown>): RfmSearch => ({
    event: one(s.event),
    window: /^(all|[1-9]\d{0,4}d)$/.exec(one(s.window) ?? "")?.[0],
    bins: cell(s.bins),
    r: cell(s.r),
    f: cell(s.f),
  }),
  component: lazyRouteComponent(() => import("./RfmPage"), "RfmPage"),
});

export const tierTabs = ["people", "versions"] as const;
export type TierTab = (typeof tierTabs)[number];

export interface TierSearch {
  tab?: TierTab;
  level?: string;
  change?: "entered" | "left";
  from?: string;
  to?: string;
}

export const tierRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/tiers/$key",
  validateSearch: (s: Record<string, unknown>): TierSearch => ({
    tab: tierTabs.find((tab) => tab === one(s.tab)),
    level: one(s.level),
    change: (["entered", "left"] as const).find((c) => c === one(s.change)),
    from: day(s.from),
    to: day(s.to),
  }),
  component: lazyRouteComponent(() => import("./TierPage"), "TierPage"),
});

export const editTierRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/tiers/$key/edit",
  component: lazyRouteComponent(() => import("./EditTierPage"), "EditTierPage"),
});

export const tierRoutes = [tiersRoute, newTierRoute, rfmRoute, tierRoute, editTierRoute] as const;
export const tierNav: NavItem[] = [{ section: "pool", to: "/pool/tiers", room: "tier", icon: <BlockOutlined aria-hidden />, order: 13 }];
