// What this room relies on is what the server describes; the compiler checks it.
import type { KindGaps, None } from "../query/contract";
import type { LtvAnswer, LtvOf, LtvQuery } from "./ltv";

export type Held = None<KindGaps<"ltv", LtvQuery, LtvAnswer, LtvOf>>;
