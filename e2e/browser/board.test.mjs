import assert from "node:assert/strict";
import { path } from "./help/console.mjs";
import { until } from "./help/wait.mjs";

const day = 86_400_000;

/** Four people look at a product on each of three days, two of them buy. */
function visits(now = Date.now()) {
  return [0, 1, 2, 3].flatMap((n) => {
    const userId = `b-${n}`;
    const did = (event, i, ago, properties) => ({ type: "track", messageId: `${userId}-${i}`, userId, event, timestamp: new Date(now - ago * day - n * 60_000).toISOString(), properties });
    return [
      did("Product Viewed", 1, 3, { sku: "T1" }),
      did("Product Viewed", 2, 2, { sku: "T2" }),
      did("Product Viewed", 3, 1, { sku: "T1" }),
      ...(n < 2 ? [did("Order Completed", 4, 1, { order_id: userId, revenue: 80, currency: "CNY" })] : []),
    ];
  });
}

async function open(api) {
  await api.track(await api.writeKey(), visits());
  await until("the visits can be asked about", async () => (await api.post("/rules/count", { text: 'count("Product Viewed", "30d") == 3' })).count === 4);
}

const views = { kind: "trend", last: 7, series: [{ event: "Product Viewed" }] };

// A question becomes a chart, the chart goes onto a board, the board is arranged by keyboard, filtered, undone, and shared with somebody who has no
// account.
path("from a question to a shared board", async ({ api, console, page, t }) => {
  await open(api);
  await console.go(`/insight/trend?q=${encodeURIComponent(JSON.stringify(views))}`);
  await page.locator("canvas").first().waitFor();
  await console.button(t("board:save_chart.action")).click();
  const dialog = console.dialog(t("board:save_chart.title"));
  await dialog.getByRole("textbox", { name: t("board:field.title") }).fill("每日浏览");
  await dialog.getByRole("button", { name: t("board:save_chart.go") }).click();
  await until("the chart is saved", async () => (await api.get("/insight/charts")).items.length === 1);
  await api.post("/insight/charts", { title: "下单", query: { kind: "trend", last: 7, series: [{ event: "Order Completed" }] }, draw: "figures" });

  await console.nav("board:nav").click();
  await console.seePage(t("board:nav"));
  await page.locator(".list").getByRole("button", { name: t("board:new_empty") }).click();
  await page.getByRole("textbox", { name: t("board:field.title"), exact: true }).fill("晨会");
  await console.button(t("board:edit.add_chart")).first().click();
  for (const title of ["每日浏览", "下单"]) await page.getByRole("checkbox", { name: title }).check();
  await page.getByRole("button", { name: t("board:edit.put_n", { n: 2 }) }).click();
  await page.locator(".board-item canvas").first().waitFor();

  // by keyboard: one wider, and taken back
  const grip = page.getByRole("button", { name: t("board:grid.move", { name: "每日浏览" }) });
  await grip.focus();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("ControlOrMeta+z");
  // by pointer: under the other
  const from = await grip.boundingBox();
  await page.mouse.move(from.x + 8, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(from.x + 700, from.y + 20, { steps: 5 });
  await page.mouse.up();
  await page.getByRole("button", { name: t("board:edit.remove", { name: "下单" }) }).click();
  assert.equal(await page.locator(".board-item").count(), 1);
  await console.button(t("board:undo")).click();
  assert.equal(await page.locator(".board-item").count(), 2);
  await page.getByRole("button", { name: t("board:save"), exact: true }).click();
  await console.seePage("晨会");
  const [made] = (await api.get("/insight/boards")).items;
  const at = Object.fromEntries(made.items.map((i) => [made.charts.find((c) => c.key === i.chart).title, i]));
  assert.equal(at["每日浏览"].h, 9, "two taller, one taken back");
  assert.ok(at["每日浏览"].x > 0, "moved to the right");
  assert.deepEqual(made.filters, { last: 30 });

  // a filter over the whole board, in the address
  await page.locator(".board-item canvas").first().waitFor();
  await page.getByRole("checkbox", { name: t("board:filters.compare") }).click(); // it turns with the address
  await page.waitForURL((u) => (u.searchParams.get("f") ?? "").includes("compare"));

  // the link: shown once, seen by somebody without a session, gone when it is ended
  await console.button(t("board:act.share")).click();
  await page.getByRole("textbox", { name: t("board:share.password") }).fill("tea and water");
  await console.button(t("board:share.go")).click();
  const link = await page.getByTestId("share-link").innerText();
  const guest = await page.context().browser().newContext();
  const visit = await guest.newPage();
  await visit.goto(link);
  await visit.locator("input[type=password]").fill("tea and wine");
  await visit.locator("button[type=submit]").click();
  await visit.getByText("share.wrong_password").waitFor();
  await visit.locator("input[type=password]").fill("tea and water");
  await visit.locator("button[type=submit]").click();
  await visit.getByRole("heading", { level: 1, name: "晨会" }).waitFor();
  await visit.locator(".board-item canvas").first().waitFor();
  assert.equal(await visit.locator(".number-link").count(), 0, "numbers lead to nobody");
  assert.equal(await visit.locator("meta[name=robots]").count(), 1);
  await console.button(t("board:share.revoke")).first().click();
  await page.locator(".ant-modal-confirm").getByRole("button", { name: t("board:share.revoke") }).click();
  await console.see(t("board:share.revoked"));
  await visit.reload();
  await visit.locator(".state").waitFor();
  assert.equal(await visit.locator(".board-item").count(), 0);
  await guest.close();
});

// A ready-made board by one click; removed and brought back by another.
path("a board from a template, removed and brought back", async ({ api, console, page, t }) => {
  await open(api);
  await console.go("/insight/boards");
  await page.locator(".list").getByRole("button", { name: t("board:template.daily") }).click();
  await console.seePage(t("board:template.daily"));
  await page.locator(".board-item canvas").first().waitFor();
  assert.deepEqual(await page.locator(".board-fault").allInnerTexts(), [], "every chart of it has an answer");
  await page.locator(".page-head").getByRole("button", { name: t("board:act.more") }).click();
  await page.getByRole("menuitem", { name: t("board:act.remove") }).click();
  await console.seePage(t("board:nav"));
  assert.equal((await api.get("/insight/boards")).items.length, 0);
  await page.getByRole("button", { name: t("board:undo") }).click();
  await until("the board is back", async () => (await api.get("/insight/boards")).items.length === 1);

  // by mail: nobody has set up a server, and the page says so
  await console.go(`/insight/boards/${(await api.get("/insight/boards")).items[0].key}`);
  await console.button(t("board:act.reports")).click();
  await console.see(t("board:report.no_mail"));
  await console.button(t("board:report.new")).first().click();
  await page.getByRole("button", { name: t("board:save"), exact: true }).click();
  await until("the report is planned", async () => (await api.get("/insight/boards")).items.length === 1 && (await page.getByText(t("board:report.daily", { hour: "09:00" })).count()) > 0);
});
