import { describe, expect, test } from "bun:test";
import { createMetrics } from "@rondo/telemetry";
import { waitFor } from "@rondo/testing";
import { invocationFetch } from "./invocation.ts";
import { type ResilientOptions, resilient } from "./resilient.ts";
import { nowhere, serve, serveAt, sidecarTo } from "./transport.fixture.ts";
import { httpFetch } from "./transport.ts";
import type { Transport } from "./types.ts";
import { Unreached } from "./unreached.ts";

const busy = () => new Response(null, { status: 503 });
const ok = () => new Response("ok");
const never = () => Promise.withResolvers<Response>().promise;

const ways: Record<string, (url: string) => Transport> = {
  HTTP: (url) => httpFetch({ api: url, audit: url }),
  invocation: (url) => invocationFetch({ sidecar: sidecarTo({ api: url, audit: url }) }),
};

describe.each(Object.entries(ways))("over %s", (_, way) => {
  function send(url: string, init: RequestInit = {}, options: Partial<ResilientOptions> = {}): Promise<Response> {
    const transport = resilient(way(url), { metrics: createMetrics(), firstPauseMs: 1, ...options });
    return transport("api", new Request("http://rondo.internal/x", init));
  }

  describe("what is safe is sent again", () => {
    test.each([
      ["GET", {}],
      ["POST", { "idempotency-key": "k" }],
      ["PATCH", { "if-match": '"3"' }],
      ["DELETE", { "if-match": '"3"' }],
    ])("%s %j, until it succeeds, with the same body", async (method, headers) => {
      const service = serve(busy, busy, busy, ok);
      const body = method === "GET" ? null : "body";
      const response = await send(service.url, { method, headers, body });
      expect(await response.text()).toBe("ok");
      expect(service.bodies).toEqual(Array(4).fill(body ?? ""));
    });

    test("also HEAD", async () => {
      const service = serve(busy, ok);
      expect((await send(service.url, { method: "HEAD" })).status).toBe(200);
    });

    test("but no more than three times", async () => {
      const service = serve(busy);
      expect((await send(service.url)).status).toBe(503);
      expect(service.bodies).toHaveLength(4);
    });

    test("after the pause that the service asks for, and not when it is a long one", async () => {
      const asking = (seconds: string) => () =>
        new Response(null, { status: 503, headers: { "retry-after": seconds } });
      const soon = serve(asking("1"), ok);
      const begun = performance.now();
      expect((await send(soon.url)).status).toBe(200);
      expect(performance.now() - begun).toBeGreaterThanOrEqual(990);
      const late = serve(asking("30"));
      expect((await send(late.url)).status).toBe(503);
      expect(late.bodies).toHaveLength(1);
    });
  });

  describe("what might happen twice is sent once", () => {
    test.each(["POST", "PATCH", "DELETE"])("%s without a key or version", async (method) => {
      const service = serve(busy, ok);
      expect((await send(service.url, { method })).status).toBe(503);
      expect(service.bodies).toHaveLength(1);
    });

    test("also when it was lost on its way: it may have been carried out", async () => {
      const service = serve(never, ok);
      await expect(send(service.url, { method: "POST" }, { timeoutMs: 50 })).rejects.toMatchObject({
        kind: "unavailable",
      });
      expect(service.bodies).toHaveLength(1);
    });

    test("an error of the request itself is not tried again", async () => {
      const service = serve(() => new Response(null, { status: 422 }), ok);
      expect((await send(service.url)).status).toBe(422);
      expect(service.bodies).toHaveLength(1);
    });
  });

  test("what certainly has not arrived is sent until it does, whatever it is", async () => {
    const url = await nowhere();
    let tried = 0;
    let later: ReturnType<typeof serveAt> | undefined;
    const counted: Transport = (service, request) => {
      tried += 1;
      if (tried === 6) later = serveAt(url);
      return inner(service, request);
    };
    const inner = way(url);
    const transport = resilient(counted, { metrics: createMetrics(), firstPauseMs: 1 });
    const answer = await transport("api", new Request("http://rondo.internal/x", { method: "POST", body: "b" }));
    expect(await answer.text()).toBe("arrived: b");
    expect(tried).toBeGreaterThanOrEqual(6);
    expect(later?.bodies).toEqual(["b"]);
  });

  test("but not for ever", async () => {
    const sent = send(await nowhere(), { method: "POST" }, { arriveWithinMs: 100 });
    await expect(sent).rejects.toMatchObject({ name: "Problem", kind: "unavailable", mayHaveArrived: false });
  });

  describe("a service that cannot be reached is a problem `unavailable`", () => {
    test("when it does not answer within the timeout, which is for each try", async () => {
      const service = serve(never);
      const begun = performance.now();
      const sent = send(service.url, {}, { timeoutMs: 50, retries: 1 });
      await expect(sent).rejects.toMatchObject({ kind: "unavailable" });
      expect(performance.now() - begun).toBeLessThan(2_000);
      expect(service.bodies).toHaveLength(2);
    });

    test("when the answer stops in its middle", async () => {
      const stuck = () =>
        new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(3)) }));
      const sent = send(serve(stuck).url, {}, { timeoutMs: 50, retries: 0 });
      await expect(sent).rejects.toMatchObject({ kind: "unavailable" });
    });
  });

  describe("the caller's signal", () => {
    test("ends a try under way, and nothing is sent again", async () => {
      const caller = new AbortController();
      const service = serve(() => {
        caller.abort(new Error("the caller has gone"));
        return never();
      }, ok);
      await expect(send(service.url, { signal: caller.signal })).rejects.toThrow("the caller has gone");
      expect(service.bodies).toHaveLength(1);
    });

    test("ends a pause between two tries", async () => {
      const service = serve(busy, ok);
      const signal = AbortSignal.timeout(100);
      await expect(send(service.url, { signal }, { firstPauseMs: 60_000 })).rejects.toMatchObject({
        name: "TimeoutError",
      });
      expect(service.bodies).toHaveLength(1);
    });
  });
});

describe("a service that fails again and again", () => {
  /** Answers by `state.down`, and counts. */
  function setUp(openMs = 100) {
    const metrics = createMetrics();
    const state = { down: true, asked: 0 };
    const inner: Transport = async () => {
      state.asked += 1;
      return state.down ? busy() : ok();
    };
    const transport = resilient(inner, { metrics, retries: 0, breaker: { openMs } });
    const ask = (service: "api" | "audit" = "api", init: RequestInit = {}) =>
      transport(service, new Request("http://rondo.internal/x", init)).then(
        ({ status }) => status,
        (error: unknown) => (error instanceof Error ? error.message : error),
      );
    return { metrics, state, ask };
  }
  const away = "The api service cannot be reached at the moment.";

  test("is left alone after five failures, and the others are not", async () => {
    const { state, ask, metrics } = setUp(60_000);
    for (let count = 0; count < 5; count += 1) expect(await ask()).toBe(503);
    expect(await ask()).toBe(away);
    expect(state.asked).toBe(5);
    expect(await ask("audit")).toBe(503);
    const text = await metrics.render();
    expect(text).toContain('rondo_client_left_alone{service="api"} 1');
    expect(text).toContain('rondo_client_tries_total{service="api",end="failed"} 5');
    expect(text).toContain('rondo_client_tries_total{service="api",end="left_alone"} 1');
  });

  test("is a whole one: where the next try reaches a replica that works, it goes on", async () => {
    let asked = 0;
    const half: Transport = async () => {
      asked += 1;
      return asked % 2 === 1 ? busy() : ok();
    };
    const transport = resilient(half, { metrics: createMetrics(), firstPauseMs: 1 });
    for (let count = 0; count < 20; count += 1) {
      expect((await transport("api", new Request("http://rondo.internal/x"))).status).toBe(200);
    }
  });

  test("only failures in a row count", async () => {
    const { state, ask } = setUp(60_000);
    for (let count = 0; count < 12; count += 1) {
      state.down = count % 4 !== 0;
      await ask();
    }
    expect(state.asked).toBe(12);
  });

  test("is used again when it is back", async () => {
    const { state, ask, metrics } = setUp(20);
    for (let count = 0; count < 5; count += 1) await ask();
    state.down = false;
    await waitFor(async () => (await ask()) === 200, { what: "the service to be used again" });
    expect(await metrics.render()).toContain('rondo_client_left_alone{service="api"} 0');
  });

  test("a caller who goes away says nothing against it", async () => {
    const gone: Transport = async () => {
      throw new Unreached("api", { mayHaveArrived: true });
    };
    const transport = resilient(gone, { metrics: createMetrics(), retries: 0 });
    for (let count = 0; count < 6; count += 1) {
      const request = new Request("http://rondo.internal/x", { signal: AbortSignal.abort(new Error("gone")) });
      await expect(transport("api", request)).rejects.toThrow("gone");
    }
    const asked = transport("api", new Request("http://rondo.internal/x"));
    await expect(asked).rejects.toMatchObject({ mayHaveArrived: true });
  });
});
