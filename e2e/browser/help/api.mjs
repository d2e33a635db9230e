/** What a test prepares or checks without the browser. */
export class Api {
  #cookie = "";
  #csrf = "";

  constructor(url) {
    this.url = url;
  }

  async signIn({ email, password }) {
    const response = await this.#send("POST", "/session", { email, password });
    this.#cookie = response.headers.getSetCookie().map((c) => c.split(";")[0]).join("; ");
    this.#csrf = (await response.json()).csrf;
    return this;
  }

  async get(path) {
    return (await this.#send("GET", path)).json();
  }

  async post(path, body) {
    return (await this.#send("POST", path, body)).json();
  }

  async #send(method, path, body) {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { "Content-Type": "application/json", Cookie: this.#cookie, "X-CSRF-Token": this.#csrf },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** A new write key's secret. */
  async writeKey(name = "Shop") {
    return (await this.post("/keys", { kind: "write", name })).secret;
  }

  /** Sends events as a server would; each has its type. Gives the intake's answer. */
  async track(secret, events) {
    const response = await fetch(`${this.url}/v1/import`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}` },
      body: JSON.stringify({ batch: events }),
    });
    if (!response.ok) throw new Error(`the intake answered ${response.status} ${await response.text()}`);
    return response.json();
  }
}
