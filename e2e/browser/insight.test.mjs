import assert from "node:assert/strict";
import { path } from "./help/console.mjs";

// Three buyers of March, of whom two came back in April and one in May.
path("retention triangle", async ({ api, console, page, t }) => {
  const order = (who, month) => ({ type: "track", messageId: `${who}-${month}`, userId: who, event: "Order Completed", timestamp: `2026-${month}-15T04:00:00Z`, properties: { order_id: `${who}-${month}`, revenue: 88, currency: "CNY" } });
  await api.track(await api.writeKey(), [order("a", "03"), order("b", "03"), order("c", "03"), order("a", "04"), order("b", "04"), order("a", "05")]);
  await page.goto(`${console.url}/insight/retention?from=2026-03&to=2026-05`);
  await console.seePage(t("retention:nav"));
  const cells = page.locator(".triangle tbody tr").nth(1).locator("td");
  await cells.nth(1).getByText("100%", { exact: true }).waitFor();
  assert.deepEqual(await cells.allInnerTexts(), ["3", "100%", "66.7%", "33.3%"]);
  await page.locator(".ant-segmented-item").filter({ hasText: t("retention:triangle.count") }).click();
  await cells.nth(1).getByText("3", { exact: true }).waitFor();
  assert.deepEqual(await cells.allInnerTexts(), ["3", "3", "2", "1"]);
  await page.locator("canvas").first().waitFor();
});
