// The operations that the console calls are those that the server describes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const spec = join(import.meta.dirname, "../../../docs/api/openapi.json");
const text = ["paths.ts", "paths.rules.ts"].map((file) => readFileSync(join(import.meta.dirname, file), "utf8")).join("\n");

/** "GET /people/{id}" for everything in the interfaces of paths. */
function called(): string[] {
  const out: string[] = [];
  for (const part of text.split(/^ {2}(?=")/m).slice(1)) {
    const path = /^"([^"]+)"/.exec(part)?.[1] ?? "";
    for (const [, method = ""] of part.matchAll(/[{;\s](get|post|put|patch|delete): Op</g)) out.push(`${method.toUpperCase()} ${path}`);
  }
  return out;
}

it("finds the operations of this file", () => {
  expect(called()).toEqual(expect.arrayContaining(["GET /overview", "PATCH /users/{id}", "PUT /settings", "DELETE /session"]));
  expect(called().length).toBeGreaterThan(40);
});

it("are all there", () => {
  const paths = (JSON.parse(readFileSync(spec, "utf8")) as { paths: Record<string, object> }).paths;
  const served = new Set(
    Object.entries(paths).flatMap(([path, ops]) => Object.keys(ops).map((m) => `${m.toUpperCase()} ${path.replace(/^\/api\/v1/, "")}`)),
  );
  expect(called().filter((op) => !served.has(op))).toEqual([]);
});
