import assert from "node:assert/strict";
import { path } from "./help/console.mjs";

// A key is shown once; an event sent with it appears while one looks; one that was refused is mended and arrives.
path("intake: key, live event, rejected event", async ({ api, console, page, t }) => {
  await console.nav("intake:nav").click();
  await page.getByRole("tab", { name: t("intake:tab.keys") }).click();
  await console.button(t("key:write.create")).click();
  const making = console.dialog(t("key:write.create"));
  await making.getByLabel(t("key:name")).fill("官网 Shop");
  await console.button(t("key:create"), making).click();
  const made = console.dialog(t("key:made_title", { name: "官网 Shop" }));
  await console.see(t("key:once"), { in: made });
  const secret = await made.locator("code").innerText();
  assert.match(secret, /^hs_/);
  await console.button(t("key:made_ok"), made).click();
  await made.waitFor({ state: "hidden" });
  await page.reload();
  await console.see("官网 Shop", { in: page.locator("table") });
  assert.ok(!(await page.content()).includes(secret), "the secret is shown this once");

  await page.getByRole("tab", { name: t("intake:tab.live") }).click();
  await console.see(t("live:state.stream"), { in: page.locator(".live-state") });
  const sent = performance.now();
  await api.track(secret, [{ type: "track", messageId: "live-1", userId: "u-live", event: "Tea Tasted", timestamp: new Date().toISOString(), properties: { tea: "龙井" } }]);
  const row = page.locator(".live-event").filter({ hasText: "Tea Tasted" });
  await row.waitFor({ timeout: 10_000 });
  const took = performance.now() - sent;
  assert.ok(took < 3_000, `an event is seen within 3 s (it took ${Math.round(took)} ms)`);
  await row.getByRole("button").first().click();
  await console.see("龙井", { in: row });

  const answer = await api.track(secret, [{ type: "track", messageId: "bad-1", userId: "u-live", timestamp: new Date().toISOString(), properties: { cup: 7 } }]);
  assert.equal(answer.rejected, 1);
  await page.getByRole("tab", { name: t("intake:tab.rejected") }).click();
  const title = t("rejected:code.event.no_name.title");
  const refused = page.getByRole("row").filter({ hasText: title });
  await refused.getByText("event.no_name").waitFor();
  await refused.locator(".ant-table-row-expand-icon, .list-expand").first().click();
  const body = page.getByLabel(t("rejected:col.body"));
  const event = JSON.parse(await body.inputValue());
  await body.fill(JSON.stringify({ ...event, event: "Cup Warmed" }));
  await console.button(t("rejected:fix")).click();
  await console.see(t("rejected:empty.title"));
  await page.locator(".ant-segmented-item").filter({ hasText: t("rejected:state.replayed") }).click();
  await refused.waitFor();

  await page.getByRole("tab", { name: t("intake:tab.live") }).click();
  const mended = page.locator(".live-event").filter({ hasText: "Cup Warmed" });
  await mended.getByRole("button").first().click();
  await mended.getByRole("link", { name: t("event:person") }).click();
  await console.see("Cup Warmed", { in: page.locator(".timeline") });
  await console.see("Tea Tasted", { in: page.locator(".timeline") });
});
