import type { KindGaps, None } from "../query/contract";
import type { PathAnswer, PathOf, PathQuery } from "./path";

export type Held = None<KindGaps<"path", PathQuery, PathAnswer, PathOf>>;
