import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { done } from "@rondo/bus";
import { taskEvent } from "@rondo/event/testing";
import { baseApp, clientAddress } from "@rondo/http";
import { createMetrics } from "@rondo/telemetry";
import { createTestDatabase, type TestDatabase, waitFor } from "@rondo/testing";
import { openEngine } from "./open.ts";
import type { Engine, EngineConfig } from "./port.ts";

const local: EngineConfig = {
  engine: "local",
  sidecarUrl: "http://127.0.0.1:1",
  daprToken: undefined,
  appToken: undefined,
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const stops: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(stops.map((stop) => stop())));

/** Something on loopback, and what it was asked. */
function listen(answer: (request: Request) => Response | Promise<Response>) {
  const asked: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      asked.push(`${request.headers.get("dapr-api-token") ?? "-"} ${request.method} ${pathname}`);
      return answer(request);
    },
  });
  stops.push(() => server.stop(true));
  return { url: server.url.href, asked };
}

const ask = (engine: Engine) => engine.transport("api", new Request("http://rondo.internal/api/auth/jwks"));
const answerOf = (of: unknown) => Promise.resolve(of).then(String, (error: Error) => error.message);

describe("the local engine", () => {
  test("carries events in the database, calls by HTTP, and adds nothing to the app", async () => {
    const api = listen(() => new Response("keys"));
    const engine = openEngine({ config: { ...local, apiUrl: api.url }, metrics: createMetrics() });
    const bus = await engine.openBus(database.db);
    const seen: string[] = [];
    bus.subscribe({
      topic: "task-events",
      types: ["*"],
      group: "engine",
      handle: async (deliveries) => {
        seen.push(...deliveries.map(({ event }) => event.type));
        return deliveries.map(() => done);
      },
    });
    await expect(engine.ready.engine?.()).rejects.toThrow("not started");
    await engine.start();
    await engine.ready.engine?.();
    await bus.publish("task-events", [taskEvent("task.created.v1")]);
    await waitFor(() => seen.length === 1, { what: "the event" });
    expect(await (await ask(engine)).text()).toBe("keys");
    const app = { fetch: () => new Response("app") };
    expect(engine.mount(app)).toBe(app);
    expect(engine.sidecar).toBeUndefined();
    await engine.stop();
    await engine.stop();
  });

  test("says so when it has no database, or no address to call", async () => {
    const engine = openEngine({ config: local, metrics: createMetrics() });
    expect(await answerOf(engine.openBus(undefined))).toContain("needs a database");
    await expect(ask(engine)).rejects.toMatchObject({ kind: "unavailable" });
  });
});

describe("the dapr engine", () => {
  const config = { ...local, engine: "dapr", daprToken: "to-sidecar", appToken: "to-app" } as const;

  /** The engine beside a sidecar of the given behaviour, with an app that tells the client's address. */
  async function open(answer: (request: Request) => Response = () => new Response(null, { status: 204 })) {
    const sidecar = listen(answer);
    const metrics = createMetrics();
    const engine = openEngine({ config: { ...config, sidecarUrl: sidecar.url }, metrics });
    const bus = await engine.openBus(undefined);
    const scheduler = await engine.openScheduler(database.db);
    const app = baseApp({ service: "test", metrics, trustedOrigin: "http://x", sidecar: engine.sidecar });
    app.get("/whoami", (c) => c.text(clientAddress(c)));
    const mounted = engine.mount(app);
    const send = (path: string, init: RequestInit = {}) =>
      mounted.fetch(new Request(`http://127.0.0.1${path}`, init), {});
    return { engine, sidecar, bus, scheduler, send };
  }

  test("calls by app-id, with the sidecar's token", async () => {
    const { engine, sidecar } = await open(() => new Response("keys"));
    expect(await (await ask(engine)).text()).toBe("keys");
    expect(sidecar.asked).toEqual(["to-sidecar GET /v1.0/invoke/api/method/api/auth/jwks"]);
  });

  test("refuses events and jobs without the app's token, and takes them with it", async () => {
    const { send } = await open();
    for (const path of ["/events/task-events", "/job/tick:1", "/events/anything"]) {
      for (const token of [undefined, "", "to-sidecar", "to-appx"]) {
        const headers = new Headers(token === undefined ? {} : { "dapr-api-token": token });
        const { status } = await send(path, { method: "POST", body: "{}", headers });
        expect(`${path} ${token} ${status}`).toBe(`${path} ${token} 401`);
      }
    }
    const shown = { method: "POST", body: "{}", headers: { "dapr-api-token": "to-app" } };
    // Not started: whatever comes is to come again, and nothing may look like a yes.
    expect((await send("/job/tick:1", shown)).status).toBe(503);
    expect((await send("/events/task-events", shown)).status).toBeGreaterThanOrEqual(400);
  });

  test("answers the sidecar's questions, and leaves the app as it is", async () => {
    const { send } = await open();
    expect((await send("/healthz")).status).toBe(200);
    expect(await (await send("/dapr/subscribe")).json()).toEqual([]);
    expect(await (await send("/dapr/config")).json()).toEqual({});
    expect(await (await send("/whoami")).text()).toBe("in-process");
    expect((await send("/eventsandmore")).headers.get("content-type")).toBe("application/problem+json");
  });

  test("believes of the client's address what the web tier says through the sidecar", async () => {
    const { send } = await open();
    const headers = { "dapr-api-token": "to-app", "x-forwarded-for": "192.0.2.7, 10.0.0.9" };
    const from = async (app: string) =>
      (await send("/whoami", { headers: { ...headers, "dapr-caller-app-id": app } })).text();
    expect(await from("web")).toBe("192.0.2.7");
    expect(await from("sync")).toBe("10.0.0.9");
  });

  test("is ready while the sidecar can publish and call", async () => {
    const state = { status: 204 };
    const { engine } = await open(() => new Response(null, { status: state.status }));
    await engine.ready.sidecar?.();
    state.status = 500;
    await expect(engine.ready.sidecar?.()).rejects.toThrow("not ready");
  });

  test("one that others call sends its sidecar away and waits until it has gone; one that only calls does not", async () => {
    const state = { away: false };
    const sidecar = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch(request) {
        const { pathname } = new URL(request.url);
        asked.push(pathname);
        if (pathname === "/v1.0/shutdown") setTimeout(() => sidecar.stop(true).then(() => (state.away = true)), 50);
        return new Response(null, { status: 204 });
      },
    });
    const asked: string[] = [];
    const options = { config: { ...config, sidecarUrl: sidecar.url.href }, metrics: createMetrics() };
    const probe = async (engine: Engine) => {
      const mounted = engine.mount({ fetch: () => new Response() });
      return (await mounted.fetch(new Request("http://127.0.0.1/healthz"), {})).status;
    };
    const calling = openEngine(options);
    await calling.leave();
    expect(await probe(calling)).toBe(200);
    expect(asked).toEqual([]);
    const called = openEngine({ ...options, called: true });
    expect(await probe(called)).toBe(200);
    const leaving = called.leave();
    expect(await probe(called)).toBe(503);
    await leaving;
    expect(state.away).toBe(true);
    expect(asked.slice(0, 2)).toEqual(["/v1.0/shutdown", "/v1.0/healthz/outbound"]);
    // Gone already: nothing to wait for.
    await openEngine({ ...options, called: true }).leave();
  });

  test("sends events and jobs back when it drains", async () => {
    const { engine, send } = await open();
    await engine.start();
    await Promise.all(engine.deliveries.map((stop) => stop()));
    const { status } = await send("/job/tick:1", {
      method: "POST",
      headers: { "dapr-api-token": "to-app" },
      body: "{}",
    });
    expect(status).toBe(503);
    await engine.stop();
  });
});
