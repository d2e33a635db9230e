import assert from "node:assert/strict";
import { path } from "./help/console.mjs";
import { until } from "./help/wait.mjs";

const names = { a: "赵清夏", b: "钱若溪", c: "孙知秋" };

/** Three buyers of March, of whom two came back in April and one in May. */
async function orders(api) {
  const order = (who, month) => ({ type: "track", messageId: `${who}-${month}`, userId: who, event: "Order Completed", timestamp: `2026-${month}-15T04:00:00Z`, properties: { order_id: `${who}-${month}`, revenue: 88, currency: "CNY" } });
  const known = Object.entries(names).map(([userId, name]) => ({ type: "identify", messageId: `${userId}-who`, userId, timestamp: "2026-03-15T04:00:00Z", traits: { name } }));
  await api.track(await api.writeKey(), [...known, order("a", "03"), order("b", "03"), order("c", "03"), order("a", "04"), order("b", "04"), order("a", "05")]);
  await until("the orders can be asked about", async () => (await api.post("/rules/count", { text: 'count("Order Completed", "all") >= 1' })).count === 3);
}

const query = { start: { event: "Order Completed" }, grain: "month", from: "2026-03-01", to: "2026-05-31" };
const address = (q) => `?q=${encodeURIComponent(JSON.stringify(q))}`;

// Cohorts by month, as shares and as people; who came back, kept as a segment; then what they were worth.
path("retention triangle, and who came back", async ({ api, console, page, t }) => {
  await orders(api);
  await page.goto(`${console.url}/insight/retention${address(query)}`);
  await console.seePage(t("retention:nav"));
  const cells = page.locator(".triangle tbody tr").nth(1).locator("td");
  const says = (...want) => until(`the triangle says ${want}`, async () => JSON.stringify(await cells.allInnerTexts()) === JSON.stringify(want));
  await says("3", "100%", "66.7%", "33.3%");
  await page.locator(".ant-segmented-item").filter({ hasText: t("retention:triangle.people") }).click();
  await says("3", "3", "2", "1");
  await page.locator("canvas").first().waitFor();

  await cells.nth(2).getByRole("button").click();
  const drawer = page.getByRole("dialog");
  for (const who of ["a", "b"]) await console.see(names[who], { in: drawer });
  assert.equal(await drawer.getByText(names.c).count(), 0, "who did not come back is not there");
  await page.keyboard.press("Escape");

  await page.getByRole("checkbox", { name: t("retention:form.value_on") }).check();
  await page.locator(".ant-segmented-item").filter({ hasText: t("retention:triangle.each") }).click();
  await until("a member is worth 88 at first", async () => (await cells.nth(1).innerText()).includes("88.00"));
});

// The books of the same people: stock and flow add up, the warehouse counts the same, and a number opens its people.
path("growth adds up and opens its people", async ({ api, console, page, t }) => {
  await orders(api);
  await page.goto(`${console.url}/insight/growth${address({ grain: "month", from: "2026-03-01", to: "2026-06-30" })}`);
  await console.seePage(t("growth:nav"));
  const row = (month) => page.locator(`.growth-books tr[data-date='${month}']`);
  const cell = (month, column) => row(month).locator(`[data-col='${column}']`);
  await cell("2026-03-01", "new").getByText("3", { exact: true }).waitFor();
  assert.equal(await cell("2026-04-01", "went_silent").innerText(), "3");
  assert.equal(await cell("2026-04-01", "resurrected").innerText(), "2");
  assert.equal(await cell("2026-06-01", "active").innerText(), "0");
  await console.see(t("growth:account.even", { n: 4 }));
  await console.button(t("growth:check.go")).click();
  await page.locator(".growth-check .ant-alert-success").waitFor();
  await cell("2026-04-01", "resurrected").getByRole("button").click();
  for (const who of ["a", "b"]) await console.see(names[who], { in: page.getByRole("dialog") });
});
