// The compiler's proof for a kind of question: what its room relies on is what the server describes. Nothing here runs. In a room's contract.ts:
//   export type Held = None<KindGaps<"funnel", FunnelQuery, FunnelAnswer, FunnelOf>>;

import type { Answer, Gap, None, Sent } from "../../api/contract";
import type { paths as Served } from "../../api/schema";
import type { Common, KeepIn, Kept, PeoplePage, Result, RunState } from "./wire";

export type { None } from "../../api/contract";

type Post<P extends string> = P extends keyof Served ? (Served[P] extends { post: infer O } ? O : never) : never;

/** The members that a room reads or sends and the server lacks or has otherwise; never if all are there. `open` of steps is never sent. */
export type KindGaps<K extends string, Q extends Common, A, Of> = [Post<`/insight/${K}`>] extends [never]
  ? `/insight/${K} is not served`
  :
      | Gap<Result<A>, Answer<Post<`/insight/${K}`>>>
      | Exclude<Gap<Q, Sent<Post<`/insight/${K}`>>>, `${string}open`>
      | Gap<{ of: Of }, Sent<Post<`/insight/${K}/people`>>>
      | Gap<KeepIn, Sent<Post<`/insight/${K}/segment`>>>
      | Gap<PeoplePage, Answer<Post<`/insight/${K}/people`>>>
      | Gap<Kept, Answer<Post<`/insight/${K}/segment`>>>;

type Get<P extends string> = P extends keyof Served ? (Served[P] extends { get: infer O } ? O : never) : never;

/** Runs are followed as the server tells of them. */
export type RunGaps = Gap<RunState, Answer<Get<"/insight/runs/{id}">>>;
export type Runs = [Get<"/insight/runs/{id}">] extends [never] ? never : None<RunGaps>;
