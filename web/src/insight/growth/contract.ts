// What this room relies on is what the server describes; the compiler checks it.
import type { KindGaps, None } from "../query/contract";
import type { GrowthAnswer, GrowthOf, GrowthQuery } from "./growth";

export type Held = None<KindGaps<"growth", GrowthQuery, GrowthAnswer, GrowthOf>>;
