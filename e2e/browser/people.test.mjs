import assert from "node:assert/strict";
import { path } from "./help/console.mjs";
import { until } from "./help/wait.mjs";

const now = () => new Date().toISOString();

// Two records of one customer become one person and, by second thoughts, two again; the story tells both.
path("merge two people and take them apart", async ({ api, console, page, t }) => {
  const key = await api.writeKey();
  await api.track(key, [
    { type: "identify", messageId: "a", userId: "u-1", timestamp: now(), traits: { name: "沈清和", phone: "13800001111" } },
    { type: "identify", messageId: "b", anonymousId: "web-2", timestamp: now(), traits: { name: "沈小和", email: "qinghe@example.com" } },
  ]);
  await console.nav("people:nav").click();
  for (const name of ["沈清和", "沈小和"]) await page.getByRole("row").filter({ hasText: name }).getByRole("checkbox").check();
  await console.button(t("people:merge.action")).click();
  const merging = console.dialog(t("people:merge.title", { n: 2 }));
  for (const value of ["+8613800001111", "qinghe@example.com"]) await console.see(value, { in: merging });
  await console.button(t("people:merge.submit"), merging).click();
  await console.see(t("people:merge.reason_needed"), { in: merging });
  await merging.getByPlaceholder(t("people:merge.reason_hint")).fill("核对过身份 checked");
  await console.button(t("people:merge.submit"), merging).click();

  await page.waitForURL((u) => u.searchParams.get("tab") === "identities");
  const identities = page.locator(".identities");
  const story = page.locator(".story");
  for (const value of ["u-1", "+8613800001111", "web-2", "qinghe@example.com"]) await identities.getByText(value, { exact: true }).waitFor();
  await console.see("核对过身份 checked", { in: story });

  await console.button(t("person:identity.split")).click();
  const splitting = console.dialog(t("person:unmerge.title"));
  for (const value of ["web-2", "qinghe@example.com"]) await splitting.locator("label").filter({ hasText: value }).getByRole("checkbox").check();
  await splitting.getByPlaceholder(t("person:unmerge.reason_hint")).fill("夫妻二人 a couple");
  await console.button(t("person:unmerge.submit"), splitting).click();
  await console.see(t("person:unmerge.done"));
  await identities.getByText("qinghe@example.com", { exact: true }).waitFor({ state: "hidden" });
  await identities.getByText("u-1", { exact: true }).waitFor();
  await console.see("核对过身份 checked", { in: story });
  await console.see("夫妻二人 a couple", { in: story });

  const { total } = await api.get("/people");
  assert.equal(total, 2);
});

// Two customers who gave one phone number are not mixed up; somebody looks and says that they are two.
path("decide an identity conflict", async ({ api, console, page, t }) => {
  const traits = { phone: "13800001111" };
  await api.track(await api.writeKey(), [
    { type: "identify", messageId: "a", userId: "u-1", timestamp: now(), traits: { name: "江映雪", ...traits } },
    { type: "identify", messageId: "b", userId: "u-2", timestamp: now(), traits: { name: "江听雨" } },
    { type: "identify", messageId: "c", userId: "u-2", timestamp: now(), traits },
  ]);
  await until("the conflict is noted", async () => (await api.get("/conflicts?state=open")).items.length === 1);
  await console.nav("conflict:nav").click();
  await console.seePage(t("conflict:title"));
  const card = page.locator(".conflict");
  await console.see("u-2", { in: card });
  await console.button(t("conflict:dismiss"), card).click();
  await console.see(t("conflict:empty.open_title"));
  await page.locator(".ant-segmented-item").filter({ hasText: t("conflict:state.dismissed") }).click();
  await console.see(/owner/, { in: card });
  assert.equal((await api.get("/people")).total, 2);
});
