import type { KindGaps, None } from "../query/contract";
import type { DistributionAnswer, DistributionOf, DistributionQuery, IntervalAnswer, IntervalOf, IntervalQuery, RfmAnswer, RfmOf, RfmQuery, StickinessAnswer, StickinessOf, StickinessQuery } from "./wire";

export type Distribution = None<KindGaps<"distribution", DistributionQuery, DistributionAnswer, DistributionOf>>;
export type Stickiness = None<KindGaps<"stickiness", StickinessQuery, StickinessAnswer, StickinessOf>>;
export type Interval = None<KindGaps<"interval", IntervalQuery, IntervalAnswer, IntervalOf>>;
export type Rfm = None<KindGaps<"rfm", RfmQuery, RfmAnswer, RfmOf>>;
