import { Console, path } from "./help/console.mjs";
import { owner } from "./help/server.mjs";

// The right password still enters after the wait that wrong ones cost; who signs out is out.
path("sign in, be throttled, sign out", async ({ server, console, page, t, lang }) => {
  await console.go("/pool/people?q=tea");
  await page.waitForURL((u) => u.pathname === "/sign-in");

  await console.fillSignIn({ ...owner, password: "not the password" });
  await console.see(t("api:code.auth.wrong_password"));
  await console.see("auth.wrong_password");

  const wait = page.getByRole("button", { name: new RegExp(t("auth:sign_in.wait", { seconds: "\\d+" })) });
  for (let tries = 0; tries < 10 && !(await wait.isVisible()); tries++) {
    const answered = page.waitForResponse((r) => r.request().method() === "POST" && r.url().endsWith("/session"));
    await console.button(t("auth:sign_in.go")).click();
    await (await answered).finished();
    await page.locator(".gate-form").getByText(/auth\.(wrong_password|throttled)/).waitFor();
  }
  await wait.waitFor();
  if (await wait.isEnabled()) throw new Error("one can press the button while the server does not listen");

  await console.button(t("auth:sign_in.go")).waitFor();
  await console.fillSignIn(owner);
  // back to where one wanted to go
  await page.waitForURL((u) => u.pathname === "/pool/people" && u.searchParams.get("q") === "tea");
  await console.seePage(t("people:title"));

  await console.signOut();
  await console.go("/settings/team");
  await page.waitForURL((u) => u.pathname === "/sign-in");

  // another browser has no part in a session
  const other = await Console.open(server.url, lang);
  await other.go("/");
  await other.page.waitForURL((u) => u.pathname === "/sign-in");
  await other.close();
}, { signedIn: false });
