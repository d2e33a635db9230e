// The console in a browser, and how a test of it runs: in both languages, on a server of its own, with a picture if it fails.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { owner, startServer } from "./server.mjs";
import { languages, wordsOf } from "./words.mjs";

const patience = 20_000;
const out = join(import.meta.dirname, "../out");

let started;
const browser = () => (started ??= chromium.launch({ executablePath: process.env.HUOSHUI_CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--no-first-run"] }));
after(async () => (await started)?.close());

export class Console {
  /** Console errors and uncaught exceptions. */
  troubles = [];

  constructor(url, page, lang) {
    this.url = url;
    this.page = page;
    this.lang = lang;
    this.t = wordsOf(lang);
    page.on("pageerror", (err) => this.troubles.push(`${page.url()}: ${err.stack ?? err.message}`));
    page.on("console", (message) => {
      // a refused request is the server's answer, which the page handles; the browser reports it nevertheless
      if (message.type() === "error" && !/^Failed to load resource: the server responded with a status of 4/.test(message.text())) this.troubles.push(`${page.url()}: ${message.text()}`);
    });
  }

  static async open(url, lang, { dark = false, phone = false } = {}) {
    const context = await (await browser()).newContext({
      viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
      colorScheme: dark ? "dark" : "light",
      hasTouch: phone,
      isMobile: phone,
      acceptDownloads: true,
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(patience);
    await context.addInitScript((l) => localStorage.setItem("huoshui.lang", l), lang);
    return new Console(url, await context.newPage(), lang);
  }

  go(path) {
    return this.page.goto(this.url + path, { waitUntil: "domcontentloaded" });
  }

  /** Waits until the text is on the page. */
  see(text, { in: scope = this.page, within = patience } = {}) {
    return scope.getByText(text).first().waitFor({ timeout: within });
  }

  /** Waits for the page of this title. */
  seePage(title) {
    return this.page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
  }

  /** A line of the navigation, by its word. */
  nav(word) {
    return this.page.getByRole("navigation").getByRole("link", { name: this.t(word), exact: true });
  }

  button(name, scope = this.page) {
    return scope.getByRole("button", { name, exact: true });
  }

  dialog(title) {
    return this.page.getByRole("dialog").filter({ hasText: title });
  }

  /** Chooses in one of the console's select boxes. */
  async choose(box, option) {
    await box.click();
    await box.fill(option);
    await this.page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter({ hasText: option }).first().click();
  }

  async fillSignIn({ email, password }) {
    await this.page.getByLabel(this.t("auth:email")).fill(email);
    await this.page.getByLabel(this.t("auth:password"), { exact: true }).fill(password);
    await this.button(this.t("auth:sign_in.go")).click();
  }

  async signIn(who = owner) {
    await this.go("/sign-in");
    await this.fillSignIn(who);
    await this.seePage(this.t("overview:nav"));
  }

  async signOut() {
    await this.page.locator("header button.user").click();
    await this.page.getByRole("menuitem", { name: this.t("app:sign_out") }).click();
    await this.page.waitForURL((u) => u.pathname === "/sign-in");
  }

  async close() {
    await this.page.context().close();
  }
}

/** Registers the path for each language. The body gets a server, the console and the console's words. */
export function path(name, body, { fresh = false, signedIn = !fresh, ...view } = {}) {
  for (const lang of languages) {
    test(`${name} (${lang})`, { timeout: 150_000 }, async () => {
      const server = await startServer({ fresh });
      let opened;
      try {
        if (!fresh) await server.api.signIn(owner);
        opened = await Console.open(server.url, lang, view);
        if (signedIn) await opened.signIn();
        await body({ server, api: server.api, console: opened, page: opened.page, t: opened.t, lang });
        assert.deepEqual(opened.troubles, [], "the browser's console is quiet");
      } catch (err) {
        await mkdir(out, { recursive: true });
        await opened?.page.screenshot({ path: join(out, `${name.replace(/\W+/g, "-")}-${lang}.png`) }).catch(() => undefined);
        throw err;
      } finally {
        await opened?.close();
        await server.stop();
      }
    });
  }
}
