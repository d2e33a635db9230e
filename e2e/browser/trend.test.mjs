import assert from "node:assert/strict";
import { path } from "./help/console.mjs";
import { until } from "./help/wait.mjs";

const day = 86_400_000;
const names = ["赵清夏", "钱若溪", "孙知秋", "李望舒"];

/** Four see a product, yesterday and the day before; the first two buy yesterday. */
function visits(now = Date.now()) {
  return names.flatMap((name, n) => {
    const userId = `t-${n}`;
    const at = (ago) => new Date(now - ago * day + n * 1000).toISOString();
    const did = (event, ago, properties) => ({ type: "track", messageId: `${userId}-${event}-${ago}`, userId, event, timestamp: at(ago), properties });
    return [
      { type: "identify", messageId: `${userId}-who`, userId, timestamp: at(3), traits: { name } },
      did("Product Viewed", 2, { sku: "T1" }),
      did("Product Viewed", 1, { sku: "T1" }),
      ...(n < 2 ? [did("Order Completed", 1, { order_id: userId, revenue: 80 + n * 20, currency: "CNY" })] : []),
    ];
  });
}

const totals = async (page) => (await page.locator(".trend-table tbody tr td:nth-child(2)").allInnerTexts()).map((s) => s.trim());
const says = (page, want) => until(`the trend says ${want}`, async () => JSON.stringify(await totals(page)) === JSON.stringify(want));

// Two series and a formula by clicks; totals count people once; who they are.
path("a trend of two series, their share, and who is behind it", async ({ api, console, page, t }) => {
  await api.track(await api.writeKey(), visits());
  await until("the visits can be asked about", async () => (await api.post("/rules/count", { text: 'count("Product Viewed", "30d") == 2' })).count === 4);
  const event = (name) => t(`event:names.${name}`);
  await console.nav("trend:nav").click();
  await console.seePage(t("trend:nav"));

  const pick = (mark) => page.getByRole("combobox", { name: t("trend:series.event", { mark }) });
  await console.choose(pick("A"), event("Product Viewed"));
  await says(page, ["4"]);
  await console.button(t("trend:series.add")).click();
  await console.choose(pick("B"), event("Order Completed"));
  await says(page, ["4", "2"]);
  await console.button(t("trend:formula.add")).click();
  await until("the formula is there", async () => (await totals(page)).length === 3);
  assert.equal((await totals(page))[2].replace(".0", ""), "50%");
  await page.locator("canvas").first().waitFor();

  // the address is the question
  await page.waitForURL((u) => (u.searchParams.get("q") ?? "").includes("B / A"));
  await page.reload();
  await until("the answer is back", async () => (await totals(page)).length === 3);

  // who bought
  await page.locator(".trend-table tbody tr").nth(1).getByRole("button").first().click();
  const drawer = page.getByRole("dialog");
  for (const n of [0, 1]) await console.see(names[n], { in: drawer });
  assert.equal(await drawer.getByText(names[2]).count(), 0);
});

// From order to order nobody came back yet; the grid of buyers has both.
path("distributions have their pages", async ({ api, console, page, t }) => {
  await api.track(await api.writeKey(), visits());
  await until("the orders can be asked about", async () => (await api.post("/rules/count", { text: 'count("Order Completed", "30d") == 1' })).count === 2);
  await console.nav("distribution:nav").click();
  await console.seePage(t("distribution:title.distribution"));
  await page.getByRole("link", { name: t("distribution:tab.interval") }).click();
  await console.seePage(t("distribution:title.interval"));
  await console.see(t("distribution:waiting.title"));
  await page.getByRole("link", { name: t("distribution:tab.rfm") }).click();
  await console.seePage(t("distribution:title.rfm"));
  await page.locator(".dist-grid").waitFor();
  await page.getByRole("link", { name: t("distribution:tab.stickiness") }).click();
  await console.seePage(t("distribution:title.stickiness"));
});
