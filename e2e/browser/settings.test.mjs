import assert from "node:assert/strict";
import { path } from "./help/console.mjs";

// The settings keep every version, and any of them can be had again.
path("change the time zone and roll back", async ({ api, console, page, t }) => {
  await console.nav("system:nav").click();
  await console.seePage(t("system:nav"));
  await console.choose(page.locator("#time_zone"), "Europe/Vienna");
  await console.button(t("ui:save")).click();
  const asking = console.dialog(t("system:save.title"));
  await console.see("Europe/Vienna", { in: asking });
  await console.button(t("ui:save"), asking).click();
  await console.see(t("ui:saved"));
  assert.equal((await api.get("/settings")).time_zone, "Europe/Vienna");

  await page.getByRole("tab", { name: t("system:tab.history") }).click();
  const versions = page.locator(".versions > li");
  await console.see("Europe/Vienna", { in: versions.first() });
  await console.see(t("system:history.now"), { in: versions.first() });
  await console.button(t("system:history.go"), versions.last()).click();
  const rolling = page.getByRole("dialog").filter({ hasText: "Europe/Vienna" });
  await console.button(t("system:history.go"), rolling).click();
  await console.see(t("system:history.done"));
  await console.see("Asia/Shanghai", { in: versions.first().locator("ins") });
  assert.equal((await api.get("/settings")).time_zone, "Asia/Shanghai");
});

// An analyst works with figures: no whole phone number on any page, and nothing to merge.
path("an analyst sees masked phones and cannot merge", async ({ api, console, page, t }) => {
  await api.track(await api.writeKey(), ["1", "2"].map((n) => ({ type: "identify", messageId: n, userId: `u-${n}`, timestamp: new Date().toISOString(), traits: { name: `顾客${n}`, phone: `1380000222${n}` } })));
  await console.nav("people:nav").click();
  await console.see(/\+?861?3800002221|138 ?0000 ?2221/);
  await page.getByRole("checkbox").first().waitFor();

  const analyst = { email: "analyst@example.com", password: "numbers and nothing else" };
  await console.nav("team:nav").click();
  await console.button(t("team:add.title")).click();
  const adding = console.dialog(t("team:add.title"));
  await adding.getByLabel(t("team:members.name")).fill("苏念");
  await adding.getByLabel(t("auth:email")).fill(analyst.email);
  await adding.getByRole("radio", { name: t("app:role.analyst") }).check();
  await adding.getByLabel(t("team:add.password"), { exact: true }).fill(analyst.password);
  await console.button(t("team:add.go"), adding).click();
  await console.see(t("team:add.done", { name: "苏念" }));
  await console.see(analyst.email, { in: page.locator("table") });

  await console.signOut();
  await console.signIn(analyst);
  await console.nav("people:nav").click();
  await page.getByRole("link", { name: "顾客1" }).waitFor();
  const seen = async () => assert.doesNotMatch(await page.locator("body").innerText(), /138 ?0000 ?222/);
  await seen();
  assert.equal(await page.locator("table").getByRole("checkbox").count(), 0, "nobody can be chosen for a merge");
  await page.getByRole("link", { name: "顾客1" }).click();
  await console.seePage("顾客1");
  await seen();
  assert.equal(await console.button(t("person:identity.split")).count(), 0);
  await page.getByRole("tab", { name: t("person:tab.identities") }).click();
  await page.locator(".identities li").first().waitFor();
  await seen();
});
