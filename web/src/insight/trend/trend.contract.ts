import type { KindGaps, None } from "../query/contract";
import type { TrendAnswer, TrendOf, TrendQuery } from "./trend";

export type Held = None<KindGaps<"trend", TrendQuery, TrendAnswer, TrendOf>>;
