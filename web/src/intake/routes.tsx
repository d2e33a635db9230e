import { CloudUploadOutlined } from "@ant-design/icons";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute, type NavItem } from "../app/root";
import { one } from "../app/search";

const intake = createRoute({
  getParentRoute: () => shellRoute,
  path: "/settings/intake",
  component: lazyRouteComponent(() => import("./IntakePage"), "IntakePage"),
});

const live = createRoute({ getParentRoute: () => intake, path: "/", component: lazyRouteComponent(() => import("./live/LiveTab"), "LiveTab") });

export const rejectedStates = ["open", "replayed", "dropped", "all"] as const;
export type RejectedState = (typeof rejectedStates)[number];

const rejected = createRoute({
  getParentRoute: () => intake,
  path: "/rejected",
  validateSearch: (s: Record<string, unknown>): { code?: string; source?: string; state?: RejectedState } => ({
    code: one(s.code),
    source: one(s.source),
    state: rejectedStates.find((state) => state === one(s.state)),
  }),
  component: lazyRouteComponent(() => import("./rejected/RejectedTab"), "RejectedTab"),
});

const keys = createRoute({ getParentRoute: () => intake, path: "/keys", component: lazyRouteComponent(() => import("./key/KeysTab"), "KeysTab") });

const install = createRoute({
  getParentRoute: () => intake,
  path: "/install",
  validateSearch: (s: Record<string, unknown>): { key?: string; as?: string } => ({ key: one(s.key), as: one(s.as) }),
  component: lazyRouteComponent(() => import("./install/InstallTab"), "InstallTab"),
});

const schema = createRoute({
  getParentRoute: () => intake,
  path: "/schema",
  validateSearch: (s: Record<string, unknown>): { q?: string } => ({ q: one(s.q) }),
  component: lazyRouteComponent(() => import("./schema/SchemaTab"), "SchemaTab"),
});

export const intakeRoutes = [intake.addChildren([live, rejected, keys, install, schema])] as const;
export const intakeNav: NavItem[] = [{ section: "settings", to: "/settings/intake", room: "intake", icon: <CloudUploadOutlined aria-hidden />, order: 40 }];
