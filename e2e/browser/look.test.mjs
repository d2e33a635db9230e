import assert from "node:assert/strict";
import { path } from "./help/console.mjs";
import { customers, e164, history } from "./help/shop.mjs";
import { until } from "./help/wait.mjs";

const pages = [
  "/", "/pool/people", "/pool/segments", "/pool/segments/new", "/pool/segments/buyers", "/pool/segments/buyers/edit", "/pool/tags", "/pool/tags/vip",
  "/pool/tiers", "/pool/tiers/new", "/pool/tiers/new?template=rfm", "/pool/tiers/activity", "/pool/tiers/rfm", "/pool/conflicts", "/pool/identity-kinds", "/insight/growth", "/insight/retention", "/settings/intake", "/settings/intake/rejected", "/settings/intake/keys",
  "/settings/intake/install", "/settings/intake/schema", "/settings/import", "/settings/team", "/settings/system",
];

// Every page stands in the dark and on a phone: a title, nothing wider than the screen, nothing in the browser's console.
for (const view of [{ dark: true }, { dark: true, phone: true }]) {
  path(view.phone ? "every page on a phone" : "every page in the dark", async ({ api, console, page, t }) => {
    const shop = customers(6);
    await api.track(await api.writeKey(), history(shop));
    const { items } = await until("the customers are there", async () => ((found) => found.total === shop.length && found)(await api.get("/people")));
    await until("rules can be asked", async () => (await api.post("/rules/count", { text: "true" })).count === shop.length);
    await api.post("/segments", { key: "buyers", title: "Buyers 买家", rule: 'count("Order Completed", "all") >= 1 && has(person.city)' });
    await api.post("/tags", { key: "vip", title: "VIP", color: "#0e7c86" });
    await api.post("/tiers", { key: "activity", title: "Activity 活跃", template: "activity" });
    for (const address of [...pages, `/pool/people/${items[0].id}`, `/pool/people/${items[0].id}?tab=identities`, `/pool/people/${items[0].id}?tab=standing`, "/nowhere"]) {
      await console.go(address);
      await page.getByRole("heading", { level: 1 }).or(page.locator(".state h2")).first().waitFor();
      await page.waitForFunction(() => document.querySelector(".late, [aria-busy=true]") === null);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(wide, 0, `${address} is ${wide} px wider than the screen`);
      const [red, green, blue] = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
      assert.ok(red + green + blue < 200, `${address} is dark`);
      assert.doesNotMatch(await page.locator("body").innerText(), /\{\{|\bundefined\b|\bNaN\b|\[object|^[a-z_]+(\.[a-z_]+)+(?<!\.js)$/m, `${address} has words for everything`);
    }
    if (view.phone) {
      await console.go("/");
      await console.button(t("app:open_nav")).click();
      await console.nav("team:nav").click();
      await console.seePage(t("team:nav"));
    }
  }, view);
}

// With the keyboard alone: find a customer, go to a page.
path("the keyboard finds a person", async ({ api, console, page, t }) => {
  const shop = customers(6);
  await api.track(await api.writeKey(), history(shop));
  await page.keyboard.press("Control+k");
  const input = page.getByRole("combobox", { name: t("app:palette.hint") });
  await input.waitFor();
  await page.keyboard.type(shop[4].phone);
  await page.getByRole("option", { selected: true }).filter({ hasText: e164(shop[4].phone) }).waitFor();
  await page.keyboard.press("Enter");
  await console.seePage(shop[4].name);

  await page.keyboard.press("Control+k");
  await input.waitFor();
  await page.keyboard.type(t("retention:nav"));
  await page.getByRole("option", { selected: true }).filter({ hasText: t("retention:nav") }).waitFor();
  await page.keyboard.press("Enter");
  await console.seePage(t("retention:nav"));
  await page.keyboard.press("Control+k");
  await input.waitFor();
  await page.keyboard.press("Escape");
  await input.waitFor({ state: "hidden" });
});
