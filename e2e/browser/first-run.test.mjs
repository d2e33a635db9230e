import assert from "node:assert/strict";
import { path } from "./help/console.mjs";
import { owner } from "./help/server.mjs";
import { customers, e164, history } from "./help/shop.mjs";

// The first day: make the owner's account, let events in, read the overview, find a customer, import a file, find who came with it.
path("first run to first import", async ({ api, console, page, t, lang }) => {
  await console.go("/");
  await console.seePage(t("auth:set_up.title"));
  await page.getByLabel(t("auth:name")).fill("林知夏");
  await page.getByLabel(t("auth:email")).fill(owner.email);
  await page.getByLabel(t("auth:password"), { exact: true }).fill(owner.password);
  await console.button(t("auth:set_up.go")).click();
  await console.seePage(t("overview:nav"));
  await console.see(t("overview:first.title"));
  await console.signOut();

  await api.signIn(owner);
  const shop = customers();
  const events = history(shop);
  assert.deepEqual(await api.track(await api.writeKey(), events), { success: true });

  await console.signIn();
  const figure = (name) => page.locator(".stat").filter({ has: page.getByText(t(`overview:kpi.${name}`), { exact: true }) }).locator(".stat-value");
  await page.goto(`${console.url}/?from=${days(-89)}&to=${days(0)}`);
  await figure("people").getByText(String(shop.length), { exact: true }).waitFor();
  const orders = shop.reduce((n, p) => n + p.orders, 0);
  const revenue = shop.reduce((n, p) => n + p.orders * p.price, 0);
  assert.equal(await figure("new").innerText(), String(shop.length));
  assert.equal(await figure("orders").innerText(), String(orders));
  assert.equal(await figure("buyers").innerText(), String(shop.filter((p) => p.orders > 0).length));
  assert.equal(await figure("revenue").locator("[title]").getAttribute("title"), new Intl.NumberFormat(lang, { style: "currency", currency: "CNY", currencyDisplay: "narrowSymbol" }).format(revenue));
  await console.see(t("overview:stock.even_counted", { n: 90 }));

  // a customer by the phone number as one would type it
  const [, , , someone] = shop;
  await console.nav("people:nav").click();
  await console.seePage(t("people:title"));
  await page.getByPlaceholder(t("people:search")).fill(someone.phone);
  await page.waitForURL((u) => u.searchParams.get("q") === someone.phone);
  await page.getByRole("link", { name: someone.name }).click();
  await console.seePage(someone.name);
  assert.equal(await page.locator(".value-strip .stat-value").first().innerText(), String(someone.orders));
  const timeline = page.locator(".timeline");
  await console.see(t("event:names.Order Completed"), { in: timeline });
  await page.getByRole("tab", { name: t("person:tab.identities") }).click();
  for (const value of [someone.user, someone.device, e164(someone.phone)]) await page.locator(".identities").getByText(value, { exact: true }).waitFor();
  await console.see(t("person:story.reason.identify"), { in: page.locator(".story") });

  // a file whose header nobody could guess
  await console.nav("importer:nav").click();
  await console.seePage(t("importer:title"));
  const rows = ["Ref,Called,Town", "13900002001,白露,绍兴", "13900002002,谷雨,宁波", "not a number,小满,嘉兴"].join("\r\n");
  await page.locator("input[type=file]").setInputFiles({ name: "members.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
  await console.see("members.csv");
  await page.locator(".ant-segmented-item").filter({ hasText: t("importer:preset.people.title") }).click();
  await console.choose(page.locator("#map-phone"), "Ref");
  const called = page.locator("li").filter({ has: page.locator("#other-Called") }).getByLabel(t("importer:other.name"));
  await called.fill("name");
  await called.press("Enter");
  await console.see("+8613900002001", { in: page.locator(".preview") });
  await console.button(t("importer:start")).click();
  await page.waitForURL(/\/settings\/import\/\d+$/);
  await console.see(t("importer:state.done"));
  const count = (name) => page.locator(".stat").filter({ has: page.getByText(t(`importer:count.${name}`), { exact: true }) }).locator(".stat-value");
  assert.equal(await count("done").innerText(), "3");
  assert.equal(await count("accepted").innerText(), "2");
  assert.equal(await count("rejected").innerText(), "1");

  await console.button(t("importer:to_people")).click();
  await page.getByPlaceholder(t("people:search")).fill("13900002002");
  await page.getByRole("link", { name: "谷雨" }).click();
  await console.seePage("谷雨");
  await console.see("宁波");
}, { fresh: true });

/** The day so many days from now, as the shop's clock in Shanghai has it. */
const days = (n) => new Date(Date.now() + 8 * 3_600_000 + n * 86_400_000).toISOString().slice(0, 10);
