import { snippet } from "../../../tracker/snippet";

export const ways = ["tracker", "analytics_js", "node", "python", "curl"] as const;
export type Way = (typeof ways)[number];

export interface Snippet {
  /** How to get the library; empty where nothing is to install. */
  install: string;
  /** The language of the code, for its label. */
  lang: string;
  code: string;
}

/** Code to copy, complete with this server's address and the write key. host has no slash at its end. */
export function snippetOf(way: Way, host: string, key: string): Snippet {
  switch (way) {
    case "tracker":
      return { install: "", lang: "HTML", code: `${snippet(`${host}/t.js`, key)}\n\n${trackerCalls}` };
    case "analytics_js":
      return { install: "npm install @segment/analytics-next", lang: "JavaScript", code: analyticsJs(host, key) };
    case "node":
      return { install: "npm install @segment/analytics-node", lang: "JavaScript", code: node(host, key) };
    case "python":
      return { install: "pip install segment-analytics-python", lang: "Python", code: python(host, key) };
    case "curl":
      return { install: "", lang: "Shell", code: curl(host, key) };
  }
}

const js = (s: string) => JSON.stringify(s);

const trackerCalls = `<script>
  hs("identify", "u_1001", { name: "林知夏", phone: "13800138000" })
  hs("track", "Product Viewed", { product_id: "tea-01", name: "明前龙井", price: 198 })
</script>`;

const analyticsJs = (host: string, key: string) => `import { AnalyticsBrowser } from "@segment/analytics-next"

const analytics = AnalyticsBrowser.load(
  { writeKey: ${js(key)}, cdnSettings: { integrations: { "Segment.io": {
    apiKey: ${js(key)},
    apiHost: ${js(`${host.replace(/^https?:\/\//, "")}/v1`)},
    protocol: ${js(host.startsWith("https:") ? "https" : "http")},
  } } } },
)

analytics.page()
analytics.identify("u_1001", { name: "林知夏", phone: "13800138000" })
analytics.track("Product Viewed", { product_id: "tea-01", name: "明前龙井", price: 198 })`;

const node = (host: string, key: string) => `import { Analytics } from "@segment/analytics-node"

const analytics = new Analytics({ writeKey: ${js(key)}, host: ${js(host)} })

analytics.identify({ userId: "u_1001", traits: { name: "林知夏", phone: "13800138000" } })
analytics.track({
  userId: "u_1001",
  event: "Order Completed",
  properties: {
    order_id: "20260305-0001",
    total: 396,
    currency: "CNY",
    products: [{ product_id: "tea-01", name: "明前龙井", price: 198, quantity: 2 }],
  },
})

await analytics.closeAndFlush()`;

const python = (host: string, key: string) => `import segment.analytics as analytics

analytics.write_key = ${js(key)}
analytics.host = ${js(host)}

analytics.identify("u_1001", {"name": "林知夏", "phone": "13800138000"})
analytics.track("u_1001", "Order Completed", {
    "order_id": "20260305-0001",
    "total": 396,
    "currency": "CNY",
})

analytics.flush()`;

// a quote within single quotes of a shell: close, escape, open again
const sh = (s: string) => `'${s.replaceAll("'", "'\\''")}'`;

const curl = (host: string, key: string) => `curl ${host}/v1/track \\
  -u ${sh(`${key}:`)} \\
  -H 'Content-Type: application/json' \\
  -d '{
    "userId": "u_1001",
    "event": "Order Completed",
    "properties": { "order_id": "20260305-0001", "total": 396, "currency": "CNY" }
  }'`;
