import { ApiOutlined, ForkOutlined, UserOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../app/root";
import { one } from "../app/search";
import { validatePeopleSearch } from "./people/filter";
import { segmentNav, segmentRoutes } from "./segment/routes";
import { tagNav, tagRoutes } from "./tag/routes";
import { tierNav, tierRoutes } from "./tier/routes";

const people = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/people",
  validateSearch: validatePeopleSearch,
  component: lazyRouteComponent(() => import("./people/PeoplePage"), "PeoplePage"),
});

export const personTabs = ["timeline", "identities", "standing", "conflicts"] as const;
export type PersonTab = (typeof personTabs)[number];

const person = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/people/$id",
  validateSearch: (s: Record<string, unknown>): { tab?: PersonTab; was?: string } => ({
    tab: personTabs.find((tab) => tab === one(s.tab)),
    was: one(s.was),
  }),
  component: lazyRouteComponent(() => import("./person/PersonPage"), "PersonPage"),
});

export const conflictStates = ["open", "merged", "dismissed"] as const;
export type ConflictState = (typeof conflictStates)[number];

const conflicts = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/conflicts",
  validateSearch: (s: Record<string, unknown>): { state?: ConflictState } => ({
    state: conflictStates.find((state) => state === one(s.state)),
  }),
  component: lazyRouteComponent(() => import("./conflict/ConflictsPage"), "ConflictsPage"),
});

const kinds = createRoute({
  getParentRoute: () => shellRoute,
  path: "/pool/identity-kinds",
  component: lazyRouteComponent(() => import("./kind/KindsPage"), "KindsPage"),
});

export const poolRoutes = [people, person, ...segmentRoutes, ...tagRoutes, ...tierRoutes, conflicts, kinds] as const;
export const poolNav: NavItem[] = [
  { section: "pool", to: "/pool/people", room: "people", icon: <UserOutlined aria-hidden />, order: 10 },
  ...segmentNav,
  ...tagNav,
  ...tierNav,
  { section: "pool", to: "/pool/conflicts", room: "conflict", icon: <ForkOutlined aria-hidden />, order: 14 },
  { section: "pool", to: "/pool/identity-kinds", room: "kind", icon: <ApiOutlined aria-hidden />, order: 15 },
];
