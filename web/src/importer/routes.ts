import type { NavItem } from "../app/root";

export const importerRoutes = [] as const;
export const importerNav: NavItem[] = [];
