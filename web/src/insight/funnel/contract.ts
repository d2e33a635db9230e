// What this room relies on is what the server describes. Nothing here runs.
import type { KindGaps, None } from "../query/contract";
import type { FunnelAnswer, FunnelOf, FunnelQuery } from "./funnel";

export type Held = None<KindGaps<"funnel", FunnelQuery, FunnelAnswer, FunnelOf>>;
