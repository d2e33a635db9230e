import type { NavItem } from "../app/root";

export const intakeRoutes = [] as const;
export const intakeNav: NavItem[] = [];
