import { expect, test } from "bun:test";
import { join } from "node:path";
import { Problem } from "@rondo/problem";
import { createMetrics } from "@rondo/telemetry";
import { spawnProgram } from "@rondo/testing";
import { adminApp } from "./index.ts";

const ask = (app: { fetch(request: Request): Promise<Response> }, path: string, method = "GET") =>
  app.fetch(new Request(`http://x${path}`, { method }));

test("ready names each dependency, and one that is missing makes it 503 without its cause", async () => {
  const metrics = createMetrics();
  let isThere = true;
  const database = async () => {
    if (!isThere) throw new Problem("unavailable", "away", { cause: new Error("password in here") });
  };
  const app = adminApp({ ready: { database, bus: async () => undefined }, metrics });
  const good = await ask(app, "/readyz");
  expect(good.status).toBe(200);
  expect(await good.json()).toEqual({ status: "ready", dependencies: { database: "ok", bus: "ok" } });
  isThere = false;
  const bad = await ask(app, "/readyz");
  expect(bad.status).toBe(503);
  expect(await bad.json()).toEqual({ status: "not_ready", dependencies: { database: "unavailable", bus: "ok" } });
  expect((await ask(app, "/healthz")).status).toBe(200);
});

test("a dependency that hangs, or throws at once, does not hang or break the answer", async () => {
  const ready = {
    hangs: () => new Promise<void>(() => undefined),
    throws: () => {
      throw new Error("not even a promise");
    },
  };
  const response = await ask(adminApp({ ready, metrics: createMetrics(), timeoutMs: 20 }), "/readyz");
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ dependencies: { hangs: "timeout", throws: "unavailable" } });
});

test("however often it is asked, the log has one line when a dependency goes and one when it is back", async () => {
  await using program = spawnProgram([process.execPath, join(import.meta.dir, "fixtures/often_asked.ts")]);
  await program.expectExit(0);
  const lines = program.stdout().trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: "warning", message: "a dependency is not ready", dependency: "database", state: "unavailable" },
    { level: "info", message: "a dependency is ready", dependency: "database" },
  ]);
});

test("metrics are Prometheus text", async () => {
  const metrics = createMetrics();
  metrics.counter("rondo_test_total", "A test.").inc();
  const response = await ask(adminApp({ ready: {}, metrics }), "/metrics");
  expect(response.headers.get("content-type")).toStartWith("text/plain; version=0.0.4");
  expect(await response.text()).toContain("rondo_test_total 1");
});

test("anything else is 404, and other methods 405", async () => {
  const app = adminApp({ ready: {}, metrics: createMetrics() });
  expect((await ask(app, "/")).status).toBe(404);
  expect((await ask(app, "/healthz", "POST")).status).toBe(405);
});
