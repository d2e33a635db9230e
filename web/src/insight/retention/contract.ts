// What this room relies on is what the server describes; the compiler checks it.
import type { KindGaps, None } from "../query/contract";
import type { RetentionAnswer, RetentionOf, RetentionQuery } from "./retention";

export type Held = None<KindGaps<"retention", RetentionQuery, RetentionAnswer, RetentionOf>>;
