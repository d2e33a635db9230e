import type * as h from "./health";
import type { Items, Op } from "./paths";
import type { Page } from "./types";

type Key = { path: { key: string } };
type One = { path: { id: number } };
type IfMatch = { header: { "If-Match"?: string } };

/** The operations of health, alerts, webhooks and mail. */
export interface HealthPaths {
  "/health/definition": { get: Op<h.HealthDefinition>; put: Op<h.HealthDefinition, IfMatch & { body: h.HealthDefinition }> };

  "/alerts": { get: Op<Page<h.HealthAlert>, { query: { cursor?: string; limit?: number; unread?: boolean } }> };
  "/alerts/unread": { get: Op<{ count: number }> };
  "/alerts/{id}/read": { post: Op<void, One & { body: { up_to?: boolean } }> };
  "/alerts/{id}/deliveries": { get: Op<Items<h.Delivery>, One> };
  "/alert-deliveries/{id}/resend": { post: Op<void, One & { query: { language?: "zh-CN" | "en" } }> };

  "/alert-rules": { get: Op<Items<h.RuleView> & { mail_ready: boolean }> };
  "/alert-rules/{metric}": { put: Op<h.RuleView, { path: { metric: string } } & IfMatch & { body: h.AlertRule }> };

  "/webhooks": { get: Op<Items<h.Webhook>>; post: Op<h.Webhook, { body: h.WebhookIn }> };
  "/webhooks/{key}": { put: Op<h.Webhook, Key & IfMatch & { body: h.WebhookIn }>; delete: Op<void, Key> };
  "/webhooks/{key}/secret": { post: Op<h.Webhook, Key> };
  "/webhooks/{key}/test": { post: Op<h.Delivery, Key> };
  "/webhooks/{key}/deliveries": { get: Op<Items<h.Delivery>, Key> };

  "/settings/mail": { get: Op<h.MailSettings>; put: Op<h.MailSettings, IfMatch & { body: h.MailIn }> };
  "/settings/mail/test": { post: Op<{ took_ms: number }, { body: { to: string; language?: "zh-CN" | "en" } }> };
}
