// What this room relies on is what the server describes; the compiler checks it.
import type { KindGaps, None } from "../query/contract";
import type { LadderAnswer, LadderOf, LadderQuery } from "./ladder";

export type Held = None<KindGaps<"ladder", LadderQuery, LadderAnswer, LadderOf>>;
