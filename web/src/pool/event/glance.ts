import type { PoolEvent } from "../../api/types";

const telling = ["product_name", "title", "coupon_name", "coupon", "campaign", "query", "order_id", "path", "url", "name", "city", "phone", "email"];

const text = (v: unknown): string => (typeof v === "string" || typeof v === "number" ? String(v) : "");

/** The one detail of an event that tells most at a glance: the product, the page, the order. Empty if none does. */
export function glance(e: PoolEvent): string {
  const products = e.properties.products;
  if (Array.isArray(products) && products.length > 0) {
    const names = products.map((p: unknown) => text((p as Record<string, unknown> | null)?.name)).filter(Boolean);
    if (names.length > 0) return names.length > 2 ? `${names.slice(0, 2).join("、")} …` : names.join("、");
  }
  if (e.type === "page" || e.type === "screen") {
    const page = e.context.page as Record<string, unknown> | undefined;
    return text(e.properties.path) || text(page?.path) || text(e.properties.url) || text(e.properties.name);
  }
  const said = e.type === "identify" ? { ...e.traits, ...e.properties } : e.properties;
  for (const key of e.type === "group" ? telling : ["name", ...telling]) {
    const found = text(said[key]);
    if (found !== "") return found;
  }
  return "";
}

export type EventIcon = "order" | "cancel" | "cart" | "page" | "person" | "coupon" | "message" | "share" | "search" | "join" | "alias" | "dot";

const marks: [RegExp, EventIcon][] = [
  [/cancel|refund|return/i, "cancel"],
  [/order|checkout|payment|purchase/i, "order"],
  [/cart|wishlist|product (added|removed)/i, "cart"],
  [/coupon|promotion|offer|points|gift/i, "coupon"],
  [/search/i, "search"],
  [/shar|invit|refer/i, "share"],
  [/message|sms|email|push|notification|chat/i, "message"],
  [/sign|regist|join|follow|subscrib|scan|friend|group/i, "join"],
  [/view|click|page|open|watch|read/i, "page"],
];

/** The family an event belongs to, by its type and the words of its name. */
export function iconOf(e: Pick<PoolEvent, "type" | "name">): EventIcon {
  if (e.type === "page" || e.type === "screen") return "page";
  if (e.type === "identify") return "person";
  if (e.type === "alias") return "alias";
  if (e.type === "group") return "join";
  return marks.find(([words]) => words.test(e.name))?.[1] ?? "dot";
}
