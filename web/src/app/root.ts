import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { asApiError } from "../api/error";
import { api, call } from "../api/client";
import { sessionQuery } from "./session";
import { Shell } from "./Shell";
import { RootFault, NotFound } from "./faults";

export const rootRoute = createRootRouteWithContext<{ client: QueryClient; nav: NavItem[] }>()({
  errorComponent: RootFault,
  notFoundComponent: NotFound,
});

/** Every page behind the sign-in is a child of this route. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "shell",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.client.ensureQueryData(sessionQuery);
    } catch (err) {
      if (asApiError(err).status !== 401) throw err;
      throw redirect({ to: "/sign-in", search: { next: location.href === "/" ? undefined : location.href } });
    }
  },
});

/** Any other address: said inside the frame, from where one can go on. */
export const nowhereRoute = createRoute({ getParentRoute: () => shellRoute, path: "$", component: NotFound });

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (s: Record<string, unknown>): { next?: string } => ({
    // only addresses of this console: "//host" would lead away
    next: typeof s.next === "string" && /^\/(?![/\\])/.test(s.next) ? s.next : undefined,
  }),
  beforeLoad: async () => {
    const { needed } = await call(api.GET("/setup"));
    if (needed) throw redirect({ to: "/set-up" });
  },
  component: lazyRouteComponent(() => import("../auth/SignIn"), "SignIn"),
});

export const setUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/set-up",
  beforeLoad: async () => {
    const { needed } = await call(api.GET("/setup"));
    if (!needed) throw redirect({ to: "/sign-in", search: {} });
  },
  component: lazyRouteComponent(() => import("../auth/SetUp"), "SetUp"),
});

export type NavSection = "overview" | "pool" | "insight" | "settings";

/** One line of the navigation. A room names its own beside its routes; its word is `<room>:nav`, or `<room>:<label>`. */
export interface NavItem {
  section: NavSection;
  to: string;
  room: string;
  label?: string;
  icon: ReactNode;
  /** Place within the section. */
  order: number;
}
