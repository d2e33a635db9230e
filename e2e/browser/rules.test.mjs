import assert from "node:assert/strict";
import { path } from "./help/console.mjs";
import { customers, history } from "./help/shop.mjs";
import { until } from "./help/wait.mjs";

const shop = customers(8);
const order = (who, id) => ({ type: "track", messageId: `${who.user}-${id}`, userId: who.user, event: "Order Completed", timestamp: new Date().toISOString(), properties: { order_id: `${who.user}-${id}`, revenue: 10, currency: "CNY" } });

/** The shop's customers are in the pool, and rules can be asked about them. */
async function open(api) {
  const key = await api.writeKey();
  await api.track(key, history(shop));
  await until("rules can be asked about the customers", async () => (await api.post("/rules/count", { text: 'count("Order Completed", "all") >= 1' })).count === 6);
  return key;
}

// With 90 days: the odd ones live in 杭州 and have bought n % 4 times, so two of them at least twice.
path("build a segment, see it as text, watch somebody enter and ask why", async ({ api, console, page, t }) => {
  const key = await open(api);
  const bought = t("event:names.Order Completed");
  await console.nav("segment:nav").click();
  await console.seePage(t("segment:nav"));
  await page.getByRole("link", { name: t("segment:new") }).first().click();
  await console.seePage(t("segment:new"));
  await page.getByRole("textbox", { name: t("definition:field.title") }).fill("杭州回头客");

  // by clicks
  const form = page.getByRole("region", { name: t("rule:view.form") });
  const text = page.getByRole("textbox", { name: t("rule:text.label") });
  const count = page.getByTestId("rule-count");
  const add = async (subject) => {
    await console.button(t("rule:add.condition"), form).first().click();
    await page.getByRole("menuitem", { name: t(`rule:subject.${subject}`), exact: true }).click();
  };
  const says = (rule) => page.waitForFunction(([label, want]) => document.querySelector(`textarea[aria-label="${label}"]`)?.value === want, [t("rule:text.label"), rule]);
  await add("did");
  await console.choose(form.getByRole("combobox", { name: t("rule:pick.event") }), bought);
  await form.getByRole("spinbutton", { name: t("rule:pick.value") }).fill("2");
  await says('count("Order Completed", "30d") >= 2');
  await add("trait");
  await console.choose(form.getByRole("combobox", { name: t("rule:pick.trait") }), t("people:trait.city"));
  await form.getByRole("combobox", { name: t("rule:pick.value") }).fill("杭州");
  await says('count("Order Completed", "30d") >= 2 && person.city == "杭州"');
  await page.waitForFunction(() => document.querySelector("[data-testid=rule-count]")?.textContent === "2");
  await console.see(shop[3].name, { in: page.locator(".rule-samples") });

  // as text: a mistake is underlined and mended by one click, and the fields follow
  await text.fill('count("Order Complete", "90d") >= 2 && person.city == "杭州"');
  await page.locator(".rule-text-box .bad").waitFor();
  await console.button("Order Completed", page.locator(".rule-problems")).or(page.locator(".rule-problems").getByRole("button", { name: /Order Completed/ })).first().click();
  await says('count("Order Completed", "90d") >= 2 && person.city == "杭州"');
  await console.see(t("rule:window.days", { n: 90 }), { in: form });
  await page.waitForFunction(() => document.querySelector("[data-testid=rule-count]")?.textContent === "2");
  assert.equal(await count.innerText(), "2");

  await console.button(t("segment:make")).click();
  await console.seePage("杭州回头客");
  for (const n of [3, 7]) await page.getByRole("row").filter({ hasText: shop[n].name }).waitFor();
  const [made] = (await api.get("/segments")).items;
  await until("the segment is in force", async () => (await api.get(`/segments/${encodeURIComponent(made.key)}`)).progress.state === "ready");

  // somebody buys a second time
  await api.track(key, [order(shop[1], "second")]);
  const sent = performance.now();
  const row = page.getByRole("row").filter({ hasText: shop[1].name });
  await row.waitFor({ timeout: 10_000 });
  const took = performance.now() - sent;
  assert.ok(took < 2_000, `the person was seen after ${Math.round(took)} ms`);

  // why
  await console.button(t("rule:why.title"), row).click();
  const why = page.getByRole("dialog");
  await console.see(t("rule:why.title_in", { name: shop[1].name, title: "杭州回头客" }), { in: why });
  await why.locator(".why-node.yes").filter({ hasText: t("rule:why.actual") }).filter({ hasText: "2" }).first().waitFor();
  await page.keyboard.press("Escape");

  // and why not, for somebody who has bought but once
  await page.getByRole("combobox", { name: t("people:pick") }).fill(shop[5].name);
  await page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter({ hasText: shop[5].name }).first().click();
  await console.see(t("rule:why.title_out", { name: shop[5].name, title: "杭州回头客" }), { in: why });
  await why.locator(".why-node.no .why-lack").first().waitFor();
});

// Parts of a rule are moved with the keyboard alone, and the text follows.
path("order a rule with the keyboard", async ({ api, console, page, t }) => {
  await open(api);
  await console.go(`/pool/segments/new?rule=${encodeURIComponent('person.city == "杭州" && (count("Order Completed", "30d") >= 1 || active_days("30d") >= 2)')}`);
  await console.seePage(t("segment:new"));
  const says = (rule) => page.waitForFunction(([label, want]) => document.querySelector(`textarea[aria-label="${label}"]`)?.value === want, [t("rule:text.label"), rule]);
  const handles = page.locator(".rule-handle");
  await handles.nth(3).waitFor();
  await handles.first().focus();
  await page.keyboard.press("ArrowDown");
  await says('person.city == "杭州" || count("Order Completed", "30d") >= 1 || active_days("30d") >= 2');
  await page.keyboard.press("ArrowDown");
  await says('count("Order Completed", "30d") >= 1 || person.city == "杭州" || active_days("30d") >= 2');
});

// A tag is made, put on people chosen in the list, and told on the person's page with its author; another of its exclusive group takes its place.
path("tag people by hand", async ({ api, console, page, t }) => {
  await open(api);
  const group = await api.post("/tag-groups", { title: "服务关系", exclusive: true });
  for (const title of ["顾问林", "顾问何"]) await api.post("/tags", { title, group: group.key });
  await console.go("/pool/people");
  for (const n of [1, 2]) await page.getByRole("row").filter({ hasText: shop[n].name }).getByRole("checkbox").check();
  await console.button(t("tag:bulk.action")).click();
  const dialog = page.getByRole("dialog");
  await console.choose(dialog.getByRole("combobox", { name: t("tag:nav") }), "顾问林");
  await console.see(t("tag:bulk.replaces", { title: "服务关系" }), { in: dialog });
  await console.button(t("tag:bulk.add"), dialog).click();
  await dialog.locator(".tag-result").filter({ hasText: "2" }).waitFor();
  await console.button(t("ui:close"), dialog).last().click();

  await page.getByRole("link", { name: shop[1].name }).click();
  await console.seePage(shop[1].name);
  const belongs = page.locator(".standing");
  await belongs.getByRole("link", { name: "顾问林" }).waitFor();
  await console.choose(belongs.getByRole("combobox", { name: t("standing:put_on") }), "顾问何");
  await belongs.getByRole("link", { name: "顾问何" }).waitFor();
  await belongs.getByRole("link", { name: "顾问林" }).waitFor({ state: "hidden" });
  await page.getByRole("tab", { name: t("standing:tab") }).click();
  await page.locator(".standing-history li").filter({ hasText: "顾问何" }).filter({ hasText: "owner" }).first().waitFor();

  await console.nav("tag:nav").click();
  await page.getByRole("row").filter({ hasText: "顾问林" }).filter({ hasText: "1" }).waitFor();
  await belongs.waitFor({ state: "hidden" });
});

// A dimension from a template: what it would give is seen before it is made; afterwards everyone is in a level, which the person's page explains.
path("make a tier from a template", async ({ api, console, page, t }) => {
  await open(api);
  await console.nav("tier:nav").click();
  await console.seePage(t("tier:nav"));
  await page.locator('a[href*="template=activity"]').click();
  await page.getByRole("heading", { name: t("tier:preview.title") }).waitFor();
  await console.button(t("tier:preview.go")).click();
  await page.getByRole("textbox", { name: t("definition:field.title"), exact: true }).fill("活跃 Activity");
  await console.button(t("tier:open_level")).first().click();
  await page.getByRole("textbox", { name: t("rule:text.label") }).waitFor();
  await console.button(t("tier:make")).click();
  await console.seePage("活跃 Activity");
  await until("everyone has a level", async () => {
    const [tier] = (await api.get("/tiers")).items;
    return tier.progress.state === "ready" && tier.levels.reduce((n, l) => n + l.people, 0) === shop.length;
  });
  await page.locator(".tier-levels li").nth(2).waitFor();

  await console.go("/pool/people");
  await page.getByRole("link", { name: shop[3].name }).click();
  const belongs = page.locator(".standing");
  await belongs.getByText("活跃 Activity").waitFor();
  await belongs.getByRole("button", { name: t("standing:why", { title: "活跃 Activity" }) }).click();
  await page.getByRole("dialog").locator(".why-node").first().waitFor();
});
