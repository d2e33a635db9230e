// What this room relies on is what the server describes. Nothing here runs.
import type { KindGaps, None } from "../query/contract";
import type { AnomalyAnswer, AnomalyOf, AnomalyQuery, HealthAnswer, HealthOf, HealthQuery } from "./health";

export type HeldHealth = None<KindGaps<"health", HealthQuery, HealthAnswer, HealthOf>>;
export type HeldAnomaly = None<KindGaps<"anomaly", AnomalyQuery, AnomalyAnswer, AnomalyOf>>;
