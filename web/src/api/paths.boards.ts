import type * as b from "./boards";
import type { ID, Items, Op } from "./paths";
import type { DefinitionState } from "./rules";

type Key = { path: { key: string } };
type IfMatch = { header: { "If-Match"?: string } };
type Once = { header: { "Idempotency-Key": string } };
type State = Key & { body: { state: b.ShelfState } };

/** The operations of boards, saved charts, reports and links. */
export interface BoardPaths {
  "/insight/charts": {
    get: Op<Items<b.SavedChart>, { query: { q?: string; kind?: string; archived?: boolean } }>;
    post: Op<b.SavedChart, Once & { body: b.ChartIn }>;
  };
  "/insight/charts/{key}": { get: Op<b.SavedChart, Key>; put: Op<b.SavedChart, Key & IfMatch & { body: Omit<b.ChartIn, "board"> }> };
  "/insight/charts/{key}/state": { post: Op<b.SavedChart, State> };
  "/insight/charts/{key}/ask": { post: Op<b.Drawn, Key & { body: { filters: b.Filters; lang?: "zh-CN" | "en"; table?: boolean } }> };
  "/insight/boards": {
    get: Op<Items<b.Board>, { query: { q?: string; archived?: boolean } }>;
    post: Op<b.Board, Once & { body: Omit<b.BoardIn, "items" | "filters"> & { items?: b.Item[]; filters?: b.Filters } }>;
  };
  "/insight/boards/{key}": { get: Op<b.Board, Key>; put: Op<b.Board, Key & IfMatch & { body: b.BoardIn }> };
  "/insight/boards/{key}/state": { post: Op<b.Board, State> };
  "/insight/boards/{key}/duplicate": { post: Op<b.Board, Key & Once & { body: { title: string } }> };
  "/insight/board-templates": { get: Op<Items<b.BoardTemplate>> };
  "/insight/board-templates/{name}": { post: Op<b.Board, { path: { name: string } } & Once & { body: { lang: "zh-CN" | "en" } }> };
  "/insight/boards/{key}/shares": { get: Op<Items<b.Share>, Key>; post: Op<b.Share & { token: string }, Key & { body: b.ShareIn }> };
  "/insight/shares/{id}": { delete: Op<undefined, ID> };
  "/insight/boards/{key}/reports": { get: Op<Items<b.Report> & { mail_ready: boolean }, Key>; post: Op<b.Report, Key & Once & { body: b.ReportIn }> };
  "/insight/reports/{key}": { put: Op<b.Report, Key & IfMatch & { body: b.ReportIn }> };
  "/insight/reports/{key}/state": { post: Op<b.Report, Key & { body: { state: DefinitionState } }> };
  "/insight/reports/{key}/send": { post: Op<b.Delivery, Key> };
  "/insight/reports/{key}/deliveries": { get: Op<Items<b.Delivery>, Key & { query?: { limit?: number } }> };
  "/insight/reports/{key}/preview": { get: Op<b.Letter, Key> };
  "/shared/board": { post: Op<b.SharedBoard, { body: b.Visit }> };
  "/shared/chart": { post: Op<b.Drawn, { body: b.Visit & { item: string; lang?: "zh-CN" | "en"; table?: boolean } }> };
}
