// A small tea shop with figures that one can add up by hand.

const day = 86_400_000;

/** The shop's customers: number, name, phone; the n-th has bought n % 4 times, 10.00 + n each. */
export function customers(count = 24) {
  return Array.from({ length: count }, (_, n) => ({
    user: `u-${1000 + n}`,
    device: `web-${1000 + n}`,
    name: `${"赵钱孙李周吴郑王冯陈褚卫"[n % 12]}${"清夏若溪"[Math.floor(n / 12) % 4]}`,
    phone: `1380000${String(1000 + n)}`,
    orders: n % 4,
    price: 10 + n,
  }));
}

export const e164 = (phone) => `+86${phone}`;

/** Their visits, sign-ins and orders, spread over the weeks before now. */
export function history(people = customers(), now = Date.now()) {
  return people.flatMap((p, n) => {
    const first = now - (3 + n * 2) * day;
    const at = (i) => new Date(first + i * 3_600_000).toISOString();
    const both = { anonymousId: p.device, userId: p.user };
    return [
      { type: "page", messageId: `${p.user}-page`, anonymousId: p.device, name: "Home", timestamp: at(0), context: { campaign: { source: "wechat", medium: "social", name: "spring" } } },
      { type: "identify", messageId: `${p.user}-who`, ...both, timestamp: at(1), traits: { name: p.name, phone: p.phone, city: n % 2 ? "杭州" : "苏州" } },
      ...Array.from({ length: p.orders }, (_, i) => ({
        type: "track", messageId: `${p.user}-order-${i}`, ...both, event: "Order Completed", timestamp: at(2 + i), properties: { order_id: `${p.user}-${i}`, revenue: p.price, currency: "CNY" },
      })),
    ];
  });
}
