import assert from "node:assert/strict";
import { path } from "./help/console.mjs";
import { until } from "./help/wait.mjs";

const day = 86_400_000;
const names = ["赵清夏", "钱若溪", "孙知秋", "李望舒", "周见山", "吴听雨"];

/** Six see a product, the first four put it into the cart (one of them a cheap one), the first two buy. */
function visits(now = Date.now()) {
  return names.flatMap((name, n) => {
    const userId = `f-${n}`;
    const at = (i) => new Date(now - 3 * day + n * 3_600_000 + i * 600_000).toISOString();
    const did = (event, i, properties) => ({ type: "track", messageId: `${userId}-${i}`, userId, event, timestamp: at(i), properties });
    return [
      { type: "identify", messageId: `${userId}-who`, userId, timestamp: at(0), traits: { name } },
      did("Product Viewed", 1, { sku: "T1" }),
      ...(n < 4 ? [did("Product Added", 2, { sku: "T1", price: n === 3 ? 20 : 80 })] : []),
      ...(n < 2 ? [did("Order Completed", 3, { order_id: userId, revenue: 80, currency: "CNY" })] : []),
    ];
  });
}

async function open(api) {
  await api.track(await api.writeKey(), visits());
  await until("the visits can be asked about", async () => (await api.post("/rules/count", { text: 'count("Product Viewed", "30d") == 1' })).count === 6);
}

const numbers = async (page) => (await page.locator(".funnel-table tbody tr td:nth-child(2)").allInnerTexts()).map(Number);
const says = (page, want) => until(`the funnel says ${want}`, async () => JSON.stringify(await numbers(page)) === JSON.stringify(want));

// A funnel of three steps by clicks, its numbers, who dropped, and a segment of them.
path("build a funnel, see who dropped and keep them", async ({ api, console, page, t }) => {
  await open(api);
  const event = (name) => t(`event:names.${name}`);
  await console.nav("funnel:nav").click();
  await console.seePage(t("funnel:nav"));
  await console.see(t("funnel:missing"));

  const pick = (n) => page.getByRole("combobox", { name: t("query:steps.event", { mark: n }) });
  await console.choose(pick(1), event("Product Viewed"));
  await console.choose(pick(2), event("Product Added"));
  await says(page, [6, 4]);
  await console.button(t("query:steps.add")).click();
  await console.see(t("funnel:missing"));
  await console.choose(pick(3), event("Order Completed"));
  await says(page, [6, 4, 2]);
  await page.locator("canvas").first().waitFor();

  // the address is the question: it can be sent to a colleague
  await page.waitForURL((u) => (u.searchParams.get("q") ?? "").includes("Order Completed"));
  await page.reload();
  await says(page, [6, 4, 2]);

  // who put something into the cart and did not buy
  const last = page.locator(".funnel-table tr[data-step='3']");
  await last.locator("td:nth-child(5)").getByRole("button").click();
  const drawer = page.getByRole("dialog").filter({ hasText: t("funnel:who.dropped", { last: event("Product Added"), next: event("Order Completed") }) });
  for (const n of [2, 3]) await console.see(names[n], { in: drawer });
  assert.equal(await drawer.getByText(names[0]).count(), 0, "who bought has not dropped");
  await console.see(t("ui:list.count", { n: 2 }), { in: drawer });

  await console.button(t("query:keep.action"), drawer).click();
  await drawer.getByRole("textbox", { name: t("query:keep.title") }).fill("加购未买");
  await console.button(t("query:keep.go"), drawer).click();
  await drawer.getByRole("link", { name: t("query:keep.open") }).click();
  await console.seePage("加购未买");
  for (const n of [2, 3]) await page.getByRole("row").filter({ hasText: names[n] }).waitFor();
  const [made] = (await api.get("/segments")).items;
  assert.deepEqual([made.title, made.mode, made.people], ["加购未买", "static", 2]);

  // a condition on the second step: written by clicks, and there again when one comes back
  await page.goBack();
  await says(page, [6, 4, 2]);
  await console.button(t("query:where.add")).nth(1).click();
  const where = page.locator(".step").nth(1).locator(".where");
  await console.choose(where.getByRole("combobox", { name: t("rule:pick.property") }), "price");
  await where.getByRole("spinbutton", { name: t("rule:pick.value") }).fill("50");
  await until("the condition narrows the second step", async () => (await numbers(page))[1] < 4);
  await console.button(t("query:where.as_text"), where).click();
  assert.match(await where.getByRole("textbox", { name: t("rule:text.label") }).inputValue(), /event\.price .* 50/);
});

// Steps are moved with the keyboard alone; an impossible question says what to do, and a click does it.
path("order steps by keyboard, and mend what cannot be asked", async ({ api, console, page, t }) => {
  await open(api);
  const q = (query) => `/insight/funnel?q=${encodeURIComponent(JSON.stringify(query))}`;
  await console.go(q({ steps: [{ event: "Product Added" }, { event: "Product Viewed" }], window: "7d", last: 30 }));
  await says(page, [4, 0]);
  await page.getByRole("button", { name: t("query:steps.handle", { mark: 1 }) }).focus();
  await page.keyboard.press("ArrowDown");
  await says(page, [6, 4]);

  await console.go(q({ steps: [{ event: "Product Viewd" }, { event: "Product Added" }], window: "7d", last: 30 }));
  await console.see("insight.event_unknown");
  await console.button(t("query:mend.use", { name: "Product Viewed" })).click();
  await says(page, [6, 4]);

  await console.go(q({ steps: [{ event: "Product Viewed" }, { event: "Product Added" }], window: "7d", from: "2199-01-01", to: "2199-02-01" }));
  await console.see("insight.range_future");
  await console.button(t("query:mend.days")).click();
  await says(page, [6, 4]);
});
