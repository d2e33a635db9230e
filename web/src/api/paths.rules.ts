import type { ID, Items, Op } from "./paths";
import type * as r from "./rules";
import type { Page } from "./types";

type Key = { path: { key: string } };
type IfMatch = { header: { "If-Match": string } };
/** What was decided once, key and mode, is not sent again. */
type Edit<T> = Omit<T, "key" | "mode">;
type Counted<T> = Page<T> & { total: number };
type Once = { header: { "Idempotency-Key": string } };
type Days = { query: { from?: string; to?: string } };
type State = { body: { state: r.DefinitionState } };
type PersonOf = { path: { key: string; person: number } };
type Change = "entered" | "left";

/** The operations of rules, segments, tags and tiers. */
export interface RulePaths {
  "/rules/check": { post: Op<r.Checked, { body: r.RuleIn }> };
  "/rules/text": { post: Op<r.RuleText, { body: { tree: object } }> };
  "/rules/count": { post: Op<r.Counted, { body: r.RuleIn }> };
  "/rules/explain": { post: Op<r.Explained, { body: r.RuleIn & { person: number } }> };
  "/rules/schema": { get: Op<r.RuleSchema> };
  "/rules/uses": { get: Op<Items<{ owner: r.Owner; key: string; title: string }>, { query: { owner: string; key: string } }> };

  "/segments": {
    get: Op<Items<r.Segment> & { total_people: number }, { query: { q?: string; mode?: r.SegmentMode; state?: string } }>;
    post: Op<r.Segment, Once & { body: r.SegmentIn }>;
  };
  "/segments/{key}": { get: Op<r.Segment, Key>; put: Op<r.Segment, Key & IfMatch & { body: Edit<r.SegmentIn> }> };
  "/segments/{key}/state": { post: Op<r.Segment, Key & State> };
  "/segments/{key}/snapshot": { post: Op<r.Segment, Key & Once & { body: { title: string } }> };
  "/segments/{key}/size": { get: Op<Items<r.SizePoint>, Key & Days> };
  "/segments/{key}/people": {
    get: Op<Counted<r.Member>, Key & { query: { change?: Change; date?: string; cursor?: string; limit?: number } }>;
  };
  "/segments/{key}/why/{person}": { get: Op<r.SegmentWhy, PersonOf> };
  "/segments/overlap": { post: Op<r.Overlap, { body: { segments: string[] } }> };

  "/tags": {
    get: Op<Items<r.Tag> & { groups: r.TagGroup[] }, { query: { q?: string; group?: string; mode?: r.TagMode; state?: string } }>;
    post: Op<r.Tag, Once & { body: r.TagIn }>;
  };
  "/tags/{key}": { get: Op<r.Tag, Key>; put: Op<r.Tag, Key & IfMatch & { body: Edit<r.TagIn> }> };
  "/tags/{key}/state": { post: Op<r.Tag, Key & State> };
  "/tags/{key}/people": {
    get: Op<Counted<r.TagBearer>, Key & { query: { cursor?: string; limit?: number } }>;
    post: Op<r.TagRun, Key & Once & { body: r.TagPeopleIn }>;
  };
  "/tags/{key}/history": { get: Op<Page<r.TagChange>, Key & { query: { person?: number; cursor?: string; limit?: number } }> };
  "/tag-imports": { post: Op<r.TagImported, { query: { create?: boolean }; body: string }> };
  "/tag-runs/{id}": { get: Op<r.TagRun, ID> };
  "/tag-groups": { get: Op<Items<r.TagGroup>>; post: Op<r.TagGroup, Once & { body: r.TagGroupIn }> };
  "/tag-groups/{key}": { put: Op<r.TagGroup, Key & IfMatch & { body: Edit<r.TagGroupIn> }> };
  "/tag-groups/{key}/state": { post: Op<r.TagGroup, Key & State> };

  "/tiers": { get: Op<Items<r.Tier>>; post: Op<r.Tier, Once & { body: r.TierIn }> };
  "/tiers/{key}": { get: Op<r.Tier, Key>; put: Op<r.Tier, Key & IfMatch & { body: Edit<r.TierIn> }> };
  "/tiers/{key}/state": { post: Op<r.Tier, Key & State> };
  "/tiers/{key}/cutoffs": { post: Op<r.Tier, Key> };
  "/tiers/{key}/size": { get: Op<r.TierSize, Key & Days> };
  "/tiers/{key}/flow": { get: Op<r.TierFlow, Key & Days> };
  "/tiers/{key}/people": {
    get: Op<Counted<r.Member & { level: string }>, Key & { query: { level?: string; change?: Change; date?: string; cursor?: string; limit?: number } }>;
  };
  "/tiers/{key}/why/{person}": { get: Op<r.TierWhy, PersonOf> };
  "/tiers/templates": { get: Op<Items<r.TierTemplate>> };
  "/tiers/preview": { post: Op<r.TierPreview, { body: { template: string; params?: r.Params } }> };
  "/tiers/rfm": { get: Op<r.Rfm, { query: { event?: string; window?: string; bins?: number; at?: string; recency?: string } }> };
  "/tiers/rfm/people": {
    get: Op<Page<r.RfmPerson>, { query: { event?: string; window?: string; bins?: number; at?: string; recency?: string; r?: number; f?: number; cursor?: string; limit?: number } }>;
  };

  "/people/{id}/standing": { get: Op<r.Standing, ID> };
  "/people/{id}/standing/history": { get: Op<Page<r.StandingChange>, ID & { query: { cursor?: string; limit?: number } }> };
  "/people/{id}/tags": { post: Op<r.Standing, ID & { body: { add?: string[]; remove?: string[]; until?: string; note?: string } }> };
  "/people/{id}/tags/history": { get: Op<Page<r.TagChange>, ID & { query: { cursor?: string; limit?: number } }> };
}
