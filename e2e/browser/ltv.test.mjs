import { path } from "./help/console.mjs";
import { until } from "./help/wait.mjs";

const names = { a: "赵清夏", b: "钱若溪", c: "孙知秋" };
const address = (q) => `?q=${encodeURIComponent(JSON.stringify(q))}`;

/** Three people: a looks, puts into the cart and orders twice; b only looks; c orders at once. */
async function visits(api) {
  const event = (who, name, at, properties) => ({ type: "track", messageId: `${who}-${name}-${at}`, userId: who, event: name, timestamp: at, properties });
  const known = Object.entries(names).map(([userId, name]) => ({ type: "identify", messageId: `${userId}-who`, userId, timestamp: "2026-03-15T04:00:00Z", traits: { name } }));
  await api.track(await api.writeKey(), [
    ...known,
    event("a", "Product Viewed", "2026-03-15T04:00:00Z"),
    event("a", "Product Added", "2026-03-16T04:00:00Z"),
    event("a", "Order Completed", "2026-03-16T10:00:00Z", { revenue: 88, currency: "CNY" }),
    event("a", "Order Completed", "2026-04-01T10:00:00Z", { revenue: 12, currency: "CNY" }),
    event("b", "Product Viewed", "2026-03-20T04:00:00Z"),
    event("c", "Order Completed", "2026-03-21T04:00:00Z", { revenue: 50, currency: "CNY" }),
  ]);
  await until("the events can be asked about", async () => (await api.post("/rules/count", { text: 'count("Product Viewed", "all") >= 1' })).count === 2);
}

// Too few buyers for a model: that is said, cohorts are shown all the same, and a cohort opens its people.
path("lifetime value of a small pool says that it is small", async ({ api, console, page, t }) => {
  await visits(api);
  await page.goto(`${console.url}/insight/ltv${address({ from: "2026-03-01", to: "2026-05-31" })}`);
  await console.seePage(t("ltv:nav"));
  await console.see(t("ltv:verdict.none"));
  const row = page.locator(".ltv-table tbody tr").first();
  await until("all brought 150", async () => (await row.innerText()).includes("150.00"));
  await row.getByRole("button").first().click();
  for (const who of ["a", "c"]) await console.see(names[who], { in: page.getByRole("dialog") });
});

// The ladder: who stands where, and a rung's people.
path("the conversion ladder opens its people", async ({ api, console, page, t }) => {
  await visits(api);
  await page.goto(`${console.url}/insight/ladder${address({ from: "2026-03-01", to: "2026-05-31" })}`);
  await console.seePage(t("ladder:nav"));
  const rungs = page.locator(".ladder-rung");
  await until("there are four rungs", async () => (await rungs.count()) === 4);
  const standing = rungs.last().locator(".ladder-strong dd");
  await until("one stands on the lowest", async () => (await standing.innerText()) === "1");
  await standing.getByRole("button").click();
  await console.see(names.b, { in: page.getByRole("dialog") });
});
