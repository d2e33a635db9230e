// The compiler's proof that the console and the server speak of the same things: schema.ts is what the server describes (`make gen`),
// paths.ts and paths.rules.ts are what the console relies on. Nothing here runs.

import type { paths } from "./paths";
import type { RulePaths } from "./paths.rules";
import type { paths as Served } from "./schema";

type Called = paths & RulePaths;

/** The body of an operation's good answer. */
export type Answer<O> = O extends { responses: infer R }
  ? { [S in keyof R & (200 | 201)]: R[S] extends { content: { "application/json": infer B } } ? NonNullable<B> : never }[keyof R & (200 | 201)]
  : never;

export type Sent<O> = O extends { requestBody?: infer R } ? (NonNullable<R> extends { content: { "application/json": infer B } } ? B : never) : never;

/** The members that the first type has and the second lacks or has otherwise, however deep; never if all are there. */
export type Gap<C, S> = unknown extends S
  ? never // described as anything
  : C extends readonly (infer A)[]
    ? S extends readonly (infer B)[]
      ? Gap<NonNullable<A>, NonNullable<B>>
      : "should be a list"
    : C extends object
      ? string extends keyof C
        ? never // a table with any names
        : { [K in keyof C]-?: K extends keyof S ? (unknown extends S[K] ? never : Within<K, Gap<NonNullable<C[K]>, NonNullable<S[K]>>>) : K }[keyof C]
      : Unlike<C, S>;

type Within<K, G> = [G] extends [never] ? never : K extends string ? `${K}.${G & string}` : G;

/** Text for text, numbers for numbers. */
type Unlike<C, S> = C extends string
  ? [S] extends [string]
    ? never
    : "should be text"
  : C extends number
    ? S extends number
      ? never
      : "should be a number"
    : never;

type Gaps<Of extends "answer" | "sent"> = {
  [P in keyof Called]: P extends keyof Served
    ? {
        [M in keyof Called[P]]: M extends keyof Served[P]
          ? Within<P, Of extends "answer" ? Gap<Answer<Called[P][M]>, Answer<Served[P][M]>> : Gap<Sent<Called[P][M]>, Sent<Served[P][M]>>>
          : `${P} lacks ${M & string}`;
      }[keyof Called[P]]
    : `${P} is not served`;
}[keyof Called];

export type None<T extends never> = T;

/** Every member that the console reads is in the server's answer. */
export type Read = None<Gaps<"answer">>;

/** Every member that the console sends is one the server takes. */
export type Written = None<Gaps<"sent">>;
