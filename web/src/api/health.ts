// What the server says of health, alerts, webhooks and mail (packages health, alert, mail). Held to its description by insight/health/contract.ts.

export const parts = ["flow", "activity", "retention", "conversion", "silent", "spread", "quality"] as const;
export type Part = (typeof parts)[number];

export interface Measure {
  part: Part;
  weight: number;
  /** The share that is worth 0 points, and the one that is worth 100. */
  worst: number;
  best: number;
}

/** How the score is made. */
export interface HealthDefinition {
  parts: Measure[];
  min_people: number;
  fair: number;
  good: number;
  spread_events: string[];
}

export const metrics = ["new", "active", "silent", "orders", "buyers", "revenue", "conversion", "rejected"] as const;
export type Metric = (typeof metrics)[number];
export type Unit = "people" | "orders" | "money" | "share" | "events";
export const sensitivities = ["low", "medium", "high"] as const;
export type Sensitivity = (typeof sensitivities)[number];

export interface HealthAlert {
  id: number;
  at: string;
  metric: Metric;
  /** More than expected. */
  up: boolean;
  from: string;
  to: string;
  /** The day that is furthest away; the numbers are of it. */
  peak: string;
  value: number;
  expected: number;
  low: number;
  high: number;
  z: number;
  unit: Unit;
  currency: string;
  read: boolean;
}

export interface AlertRule {
  on: boolean;
  sensitivity: Sensitivity;
  side: "both" | "up" | "down";
  /** In the metric's unit: minor units of money, a share of 1. */
  min_size: number;
  min_share: number;
  muted_until: string;
  emails: string[];
  webhooks: string[];
  language: "zh-CN" | "en";
}

export interface RuleView extends AlertRule {
  metric: Metric;
  unit: Unit;
  version: number;
}

export interface Webhook {
  key: string;
  title: string;
  host: string;
  on: boolean;
  version: number;
  updated: string;
  /** Only in the answer that made it. */
  secret?: string;
}

export interface WebhookIn {
  title: string;
  url?: string;
  on: boolean;
}

export interface Delivery {
  id: number;
  alert: number;
  way: "webhook" | "email";
  target: string;
  state: "waiting" | "delivered" | "failed";
  attempts: number;
  at: string;
  tried: string | null;
  status: number;
  took_ms: number;
  note: string;
}

export interface MailSettings {
  /** Empty: no mail is sent. */
  server: string;
  port: number;
  security: "tls" | "starttls" | "none";
  user: string;
  from: string;
  password_set: boolean;
  ready: boolean;
}

export type MailIn = Omit<MailSettings, "password_set" | "ready"> & { password?: string };
