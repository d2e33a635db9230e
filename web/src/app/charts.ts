import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import type { Common, Result } from "../insight/query/wire";

/** What draws an answer of a kind of question, on its own page and on boards. */
export type ChartView<Q extends Common, A> = ComponentType<{ query: Q; result: Result<A> }>;

/** A kind of question that can be kept as a chart. */
export interface ChartKind {
  /** The wire's name, and the room whose words say what it is (`<kind>:nav`). */
  kind: string;
  /** Its page; ?q= takes a query. */
  to: string;
  // each draws the queries and answers of its own kind, which the kind's name alone tells apart
  View: LazyExoticComponent<ChartView<any, any>>;
}

/** All kinds, wired by hand like the routes: one line each. */
export const charts: ChartKind[] = [
  { kind: "trend", to: "/insight/trend", View: lazy(async () => ({ default: (await import("../insight/trend/TrendView")).TrendView })) },
  { kind: "distribution", to: "/insight/distribution", View: lazy(async () => ({ default: (await import("../insight/distribution/DistributionView")).DistributionView })) },
  { kind: "stickiness", to: "/insight/distribution/stickiness", View: lazy(async () => ({ default: (await import("../insight/distribution/StickinessView")).StickinessView })) },
  { kind: "interval", to: "/insight/distribution/interval", View: lazy(async () => ({ default: (await import("../insight/distribution/IntervalView")).IntervalView })) },
  { kind: "rfm", to: "/insight/distribution/rfm", View: lazy(async () => ({ default: (await import("../insight/distribution/RfmView")).RfmView })) },
  { kind: "funnel", to: "/insight/funnel", View: lazy(async () => ({ default: (await import("../insight/funnel/FunnelView")).FunnelView })) },
  { kind: "path", to: "/insight/path", View: lazy(async () => ({ default: (await import("../insight/path/PathView")).PathView })) },
  { kind: "growth", to: "/insight/growth", View: lazy(async () => ({ default: (await import("../insight/growth/GrowthView")).GrowthView })) },
  { kind: "retention", to: "/insight/retention", View: lazy(async () => ({ default: (await import("../insight/retention/RetentionView")).RetentionView })) },
  { kind: "ltv", to: "/insight/ltv", View: lazy(async () => ({ default: (await import("../insight/ltv/LtvView")).LtvView })) },
  { kind: "ladder", to: "/insight/ladder", View: lazy(async () => ({ default: (await import("../insight/ladder/LadderView")).LadderView })) },
  { kind: "health", to: "/insight/health", View: lazy(async () => ({ default: (await import("../insight/health/HealthView")).HealthView })) },
];
