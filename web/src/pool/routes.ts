import type { NavItem } from "../app/root";

export const poolRoutes = [] as const;
export const poolNav: NavItem[] = [];
