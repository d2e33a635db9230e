// The built binary on a folder and a port of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Api } from "./api.mjs";
import { until } from "./wait.mjs";

const binary = resolve(process.env.HUOSHUI_BIN || join(import.meta.dirname, "../../../bin/huoshui"));

export const owner = { email: "owner@example.com", password: "still water runs deep" };

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/** Starts a server; with `fresh`, nobody can sign in yet. */
export async function startServer({ fresh = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "huoshui-browser-"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = { ...process.env };
  for (const name of Object.keys(env)) if (name.startsWith("HUOSHUI_")) delete env[name];
  if (!fresh) Object.assign(env, { HUOSHUI_ADMIN_EMAIL: owner.email, HUOSHUI_ADMIN_PASSWORD: owner.password });

  const child = spawn(binary, ["serve", "--data", join(folder, "data"), "--listen", url.slice("http://".length)], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding("utf8").on("data", (text) => (said += text));
  let fault;
  const ended = new Promise((done) => child.on("error", (err) => done((fault = err))).on("exit", done));
  const kill = () => child.kill("SIGKILL");
  process.on("exit", kill);

  const stop = async () => {
    process.off("exit", kill);
    child.kill("SIGTERM");
    const forced = setTimeout(kill, 20_000);
    await ended;
    clearTimeout(forced);
    await rm(folder, { recursive: true, force: true });
    if (child.exitCode !== 0) throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}:\n${said}`);
  };
  try {
    await until("the server is ready", async () => {
      if (fault || child.exitCode !== null) return true;
      return (await fetch(`${url}/readyz`)).ok;
    }, 60_000);
    if (fault || child.exitCode !== null) throw fault ?? new Error(`the server ended at once:\n${said}`);
  } catch (err) {
    await stop().catch(() => undefined);
    throw err;
  }
  return { url, stop, said: () => said, api: new Api(url) };
}
