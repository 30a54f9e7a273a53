import { afterEach, expect, test } from "bun:test";
import { createMetrics } from "@rondo/telemetry";
import { type Program, spawnProgram, waitFor } from "@rondo/testing";
import { askUntilRefused } from "./fixtures/client.ts";
import { adminApp, baseApp, combine, ListenError, type Running, serve } from "./index.ts";

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.stop()));
});

async function startProgram(): Promise<{ program: Program; port: number; adminPort: number }> {
  const program = spawnProgram([process.execPath, `${import.meta.dir}/fixtures/server.ts`]);
  open.push({ stop: async () => program[Symbol.asyncDispose]() });
  const [, port, adminPort] = await program.line(/listening on (\d+) and (\d+)/);
  return { program, port: Number(port), adminPort: Number(adminPort) };
}

function startHere(options: { port?: number; adminPort?: number; noticeMs?: number } = {}): Running {
  const metrics = createMetrics();
  const app = baseApp({ service: "test", metrics, trustedOrigin: "http://x" });
  app.get("/", (c) => c.text("x"));
  const running = serve({
    app,
    host: "127.0.0.1",
    port: options.port ?? 0,
    adminPort: options.adminPort ?? 0,
    adminApp: adminApp({ ready: {}, metrics }),
    drain: { noticeMs: options.noticeMs ?? 0 },
  });
  open.push(running);
  return running;
}

test("SIGTERM under load with open streams: no request fails, streams end, order is kept, exit 0 within 10 s", async () => {
  const { program, port } = await startProgram();
  const streams = await Promise.all(Array.from({ length: 20 }, () => fetch(`http://127.0.0.1:${port}/stream`)));
  const ends = streams.map((stream) => stream.text());
  const paths = ["/", "/?ms=5", "/?ms=300"];
  const clients = Array.from({ length: 24 }, (_, i) => askUntilRefused(port, paths[i % paths.length] ?? "/"));
  await waitFor(async () => (await fetch(`http://127.0.0.1:${port}/?ms=50`)).ok, { what: "some load" });
  const begun = performance.now();
  program.kill("SIGTERM");
  const outcomes = await Promise.all(clients);
  expect(outcomes.flatMap(({ failed }) => failed)).toEqual([]);
  for (const { answered } of outcomes) expect(answered).toBeGreaterThan(0);
  for (const text of await Promise.all(ends)) expect(text).toBe(": open\n\n");
  await program.expectExit(0);
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(program.stdout()).toContain("consumers stopped\npool closed\ndatabase stopped\n");
});

test("a request that never ends does not keep the process from ending, and a second signal ends it at once", async () => {
  const { program, port } = await startProgram();
  const hanging = fetch(`http://127.0.0.1:${port}/?ms=9000`).catch((error) => error);
  await waitFor(async () => (await fetch(`http://127.0.0.1:${port}/`)).ok, { what: "the server" });
  program.kill("SIGINT");
  await waitFor(
    () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        () => false,
        () => true,
      ),
    { what: "the drain" },
  );
  const ended = program.expectExit(130);
  const again = setInterval(() => program.kill("SIGINT"), 50);
  await ended.finally(() => clearInterval(again));
  await hanging;
});

test("a signal that arrives several times at once, as through npm, is one wish: the process drains", async () => {
  const { program } = await startProgram();
  for (const signal of ["SIGTERM", "SIGTERM", "SIGINT"] as const) program.kill(signal);
  await program.expectExit(0);
  expect(program.stdout()).toContain("consumers stopped\n");
});

test("while it drains, readiness says so and liveness does not", async () => {
  const running = startHere({ noticeMs: 300 });
  const admin = `http://127.0.0.1:${running.adminPort}`;
  expect((await fetch(`${admin}/readyz`)).status).toBe(200);
  const stopped = running.stop();
  const ready = await fetch(`${admin}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ status: "draining" });
  expect((await fetch(`${admin}/healthz`)).status).toBe(200);
  const answer = await fetch(running.url);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("connection")).toBe("close");
  await stopped;
  expect(fetch(running.url)).rejects.toThrow();
});

test("a port that is taken is one clear line, and nothing stays open", async () => {
  const first = startHere();
  for (const ports of [{ port: first.port }, { adminPort: first.port }]) {
    expect(() => startHere(ports)).toThrow(ListenError);
    expect(() => startHere(ports)).toThrow(`127.0.0.1:${first.port} is in use by another program`);
  }
  const freed = startHere();
  await freed.stop();
  expect(() => startHere({ port: freed.port, adminPort: first.port })).toThrow(ListenError);
  expect(startHere({ port: freed.port }).port).toBe(freed.port);
});

test("several apps share a port by prefix, and see the socket", async () => {
  const make = (name: string) => {
    const app = baseApp({ service: name, metrics: createMetrics(), trustedOrigin: "http://x" });
    app.get("*", (c) => c.text(`${name} ${c.env.server === undefined ? "no socket" : "socket"}`));
    return app;
  };
  const app = combine({ "/": make("web"), "/api": make("api"), "/sync/": make("sync") });
  const metrics = createMetrics();
  const running = serve({ app, host: "127.0.0.1", port: 0, adminPort: 0, adminApp: adminApp({ ready: {}, metrics }) });
  open.push(running);
  const ask = async (path: string) => (await fetch(`${running.url}${path}`)).text();
  expect(await ask("/")).toBe("web socket");
  expect(await ask("/api")).toBe("api socket");
  expect(await ask("/api/v1/tasks?x=/sync")).toBe("api socket");
  expect(await ask("/apiary")).toBe("web socket");
  expect(await ask("/sync/events")).toBe("sync socket");
});

test("a huge body is refused without being kept in memory, announced or not", async () => {
  const { port } = await startProgram();
  const url = `http://127.0.0.1:${port}`;
  const memory = async () => Number(await (await fetch(`${url}/memory`)).text());
  const before = await memory();
  const huge = new Uint8Array(40e6);
  const chunked = () => {
    let left = 40;
    return new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(new Uint8Array(1e6));
        else controller.close();
      },
    });
  };
  for (let i = 0; i < 3; i++) {
    const announced = await fetch(url, { method: "POST", body: huge });
    expect(announced.status).toBe(413);
    expect(await announced.json()).toMatchObject({ type: "/problems/too_large" });
    expect((await fetch(url, { method: "POST", body: chunked() })).status).toBe(413);
    expect((await fetch(`${url}/nowhere`, { method: "POST", body: chunked() })).status).toBe(404);
  }
  expect(await memory()).toBeLessThan(before + 25e6);
});
