import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSecrets } from "./secrets.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rondo-secrets-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the first start makes secrets that later starts read again", () => {
  const first = loadSecrets(folder);
  expect(first.auth_secret.length).toBeGreaterThanOrEqual(43);
  expect(loadSecrets(folder)).toEqual(first);
  expect(readdirSync(folder)).toEqual(["secrets.json"]);
});

test("two folders never share a secret", () => {
  const other = mkdtempSync(join(tmpdir(), "rondo-secrets-"));
  expect(loadSecrets(other).auth_secret).not.toBe(loadSecrets(folder).auth_secret);
  rmSync(other, { recursive: true });
});

test("only the owner may read the secrets, even when somebody had opened them up", () => {
  loadSecrets(folder);
  chmodSync(join(folder, "secrets.json"), 0o644);
  loadSecrets(folder);
  expect(statSync(join(folder, "secrets.json")).mode & 0o777).toBe(0o600);
});

test.each(["", "{", "[]", "null", '{"auth_secret":7}', '{"auth_secret":"short"}'])(
  "a damaged file (%p) is refused with its path and what to do, and is not replaced",
  (text) => {
    writeFileSync(join(folder, "secrets.json"), text);
    expect(() => loadSecrets(folder)).toThrow(/secrets\.json is damaged: put it back from a backup/);
  },
);
