// The pictures of the READMEs, taken of a running demo: make pictures (or node pictures.mjs [URL]).
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const url = process.argv[2] ?? "http://127.0.0.1:8080";
const folder = fileURLToPath(new URL("../../docs/images/", import.meta.url));
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.HUOSHUI_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });

for (const [lang, suffix] of [["en", ""], ["zh-CN", ".zh-CN"]]) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1.5, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.addInitScript((l) => localStorage.setItem("huoshui.lang", l), lang);
  const shoot = async (name) => {
    await page.waitForLoadState("networkidle", { timeout: 5000 }).catch(() => undefined); // live pages are never idle
    await page.waitForTimeout(3000); // charts draw themselves
    const session = await context.newCDPSession(page);
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 88 });
    writeFileSync(`${folder}${name}${suffix}.webp`, Buffer.from(data, "base64"));
  };
  await page.goto(`${url}/sign-in`);
  await page.fill("#email", "demo@huoshui.example");
  await page.fill("#password", "living-water");
  await page.click("button[type=submit]");
  await page.waitForURL((u) => u.pathname === "/");
  await shoot("overview");
  await page.goto(`${url}/pool/people?sort=-revenue`);
  await page.waitForSelector("tbody tr a");
  await shoot("people");
  // Of those who spent the most, the one seen last has the most to show.
  const id = await page.evaluate(async () => {
    const { items } = await (await fetch("/api/v1/people?sort=-revenue&limit=10")).json();
    return items.sort((a, b) => (a.last_seen < b.last_seen ? 1 : -1))[0].id;
  });
  await page.goto(`${url}/pool/people/${id}`);
  await page.waitForSelector(".timeline li");
  await shoot("person");
  await context.close();
}
await browser.close();
