import { expect, test } from "bun:test";
import { statSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@rondo/testing";
import { createLog } from "./log.ts";
import { freshTokens, loadSecrets, writeStore } from "./secrets.ts";

test("the log names who said it, in a colour on a terminal, and leaves out what is for machines", () => {
  const printed: string[] = [];
  const write = (text: string) => void printed.push(text);
  createLog(write, false).of("kafka")("INFO up");
  createLog(write, true).of("kafka")("INFO up");
  const daprd = String.raw`time="2026-01-01T00:00:00Z" level=warning msg="no \"x\"" app_id=api scope=dapr.runtime type=log`;
  createLog(write, false).of("api.dapr")(daprd);
  const scheduler = createLog(write, false).of("scheduler");
  scheduler(`{"level":"info","ts":"2026-01-01T00:00:00Z","msg":"became leader"}`);
  scheduler(`{"level":"warn","ts":"2026-01-01T00:00:00Z","caller":"a.go:1","msg":"slow \\"disk\\"","took":1}`);
  scheduler("  ");
  expect(printed).toEqual([
    "kafka      INFO up\n",
    "\x1b[38;5;36mkafka     \x1b[0m INFO up\n",
    'api.dapr   warning: no "x"\n',
    'scheduler  warn: slow "disk"\n',
  ]);
});

test("secrets are made once, are long, and readable by their owner only", () => {
  const folder = temporaryFolder("secrets");
  const { auth_secret } = loadSecrets(folder);
  expect(loadSecrets(folder)).toEqual({ auth_secret });
  const [one, other] = [freshTokens(), freshTokens()];
  const all = [auth_secret, one.app, one.dapr, other.app, other.dapr];
  expect(new Set(all).size).toBe(5);
  for (const secret of all) expect(secret).toMatch(/^[\w-]{43}$/);
  const store = writeStore(join(folder, "stores"), "api", { DATABASE_URL: "postgres://x" });
  for (const file of [store, join(folder, "secrets.json")]) expect(statSync(file).mode & 0o777).toBe(0o600);
});

test.each(["{", "[]", "{}", '{"auth_secret":"short"}'])(
  "damaged secrets are a line that names the file: %s",
  async (text) => {
    const folder = temporaryFolder("secrets");
    await Bun.write(join(folder, "secrets.json"), text);
    expect(() => loadSecrets(folder)).toThrow(/^.*secrets\.json is damaged: .*$/);
  },
);
