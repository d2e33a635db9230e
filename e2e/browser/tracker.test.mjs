import { once } from "node:events";
import { createServer } from "node:http";
import { path } from "./help/console.mjs";
import { until } from "./help/wait.mjs";

/** A shop's page on another origin that loads the tracker, as the manual says. */
async function shopPage(url, writeKey) {
  const html = `<!doctype html><html><head><meta charset="utf-8"><title>春茶上新</title>
    <script async src="${url}/t.js" data-write-key="${writeKey}"></script></head><body><h1>春茶</h1></body></html>`;
  const site = createServer((_, response) => response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(html)).listen(0, "127.0.0.1");
  await once(site, "listening");
  return { url: `http://127.0.0.1:${site.address().port}`, close: () => (site.close(), site.closeAllConnections()) };
}

// A visit to a real page is on the visitor's own page in the console.
path("the tracker in a page", async ({ api, console, page, t }) => {
  const site = await shopPage(console.url, await api.writeKey("官网"));
  const visit = await page.context().newPage();
  visit.on("pageerror", (err) => console.troubles.push(err.message));
  try {
    await visit.goto(`${site.url}/spring?utm_source=wechat&utm_medium=social&utm_campaign=spring`);
    await visit.waitForFunction(() => typeof globalThis.hs === "function");
    await visit.evaluate(() => {
      globalThis.hs("identify", "u-tracker", { name: "温知遥", phone: "13800003333" });
      globalThis.hs("track", "Tea Picked", { tea: "碧螺春", grams: 50 });
    });
    await visit.close({ runBeforeUnload: true }); // leaving the page sends what waits

    await until("the visitor is known", async () => (await api.get("/people?q=13800003333")).total === 1);
    await console.nav("people:nav").click();
    await page.getByPlaceholder(t("people:search")).fill("13800003333");
    await page.getByRole("link", { name: "温知遥" }).click();
    await console.seePage("温知遥");
    const timeline = page.locator(".timeline");
    await console.see("Tea Picked", { in: timeline });
    await console.see(t("event:type.page"), { in: timeline });
    await console.see("spring", { in: page.locator(".person-side") });
  } finally {
    site.close();
  }
});
