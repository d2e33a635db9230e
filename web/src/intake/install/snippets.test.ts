import { describe, expect, it } from "vitest";
import { snippetOf, ways } from "./snippets";

const host = "https://pool.example.com";
const key = "hs_wk_abc123";

describe("snippets", () => {
  it("hold this server and the key, whichever way", () => {
    for (const way of ways) {
      const { code } = snippetOf(way, host, key);
      expect(code, way).toContain("pool.example.com");
      expect(code, way).toContain(key);
      expect(code, way).not.toMatch(/undefined|YOUR_|<WRITE/);
    }
  });

  it("load the tracker from this server", () => {
    expect(snippetOf("tracker", host, key).code).toContain(`"${host}/t.js","${key}"`);
  });

  it("give the browser library a host without scheme, and the scheme apart", () => {
    const { code } = snippetOf("analytics_js", "http://127.0.0.1:8080", key);
    expect(code).toContain('apiHost: "127.0.0.1:8080/v1"');
    expect(code).toContain('protocol: "http"');
    expect(snippetOf("analytics_js", host, key).code).toContain('protocol: "https"');
  });

  it("send valid JSON with curl, the key as user name", () => {
    const { code } = snippetOf("curl", host, key);
    expect(code).toContain(`-u '${key}:'`);
    const body = /-d '([^']+)'/.exec(code)?.[1] ?? "";
    expect(JSON.parse(body)).toMatchObject({ userId: "u_1001", event: "Order Completed" });
  });

  it("cannot be broken out of by what stands in the key's place", () => {
    expect(snippetOf("curl", host, "it's").code).toContain("-u 'it'\\''s:'");
    expect(snippetOf("node", host, '"x').code).toContain('writeKey: "\\"x"');
    expect(snippetOf("tracker", host, "</script>").code.split("</script>").length).toBe(3);
  });
});
