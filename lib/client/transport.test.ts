import { afterEach, describe, expect, test } from "bun:test";
import { Problem } from "@rondo/problem";
import { type HttpFetchOptions, httpFetch, inProcessFetch } from "./transport.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** A service that answers the n-th request by `answers[n]`, or by the last one. */
function serve(...answers: (() => Response | Promise<Response>)[]) {
  const bodies: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      bodies.push(await request.text());
      const next = answers[Math.min(bodies.length, answers.length) - 1];
      return next ? next() : new Response("ok");
    },
  });
  stops.push(() => server.stop(true));
  return { url: server.url.href, bodies };
}

function send(url: string, init: RequestInit = {}, options: HttpFetchOptions = {}): Promise<Response> {
  const transport = httpFetch({ api: url, audit: url }, { firstPauseMs: 1, ...options });
  return transport("api", new Request("http://rondo.internal/x", init));
}

const busy = () => new Response(null, { status: 503 });
const ok = () => new Response("ok");

describe("what is safe is sent again", () => {
  test.each([
    ["GET", {}],
    ["POST", { "idempotency-key": "k" }],
    ["PATCH", { "if-match": '"3"' }],
  ])("%s %j, until it succeeds, with the same body", async (method, headers) => {
    const service = serve(busy, busy, ok);
    const body = method === "GET" ? null : "body";
    const response = await send(service.url, { method, headers, body });
    expect(await response.text()).toBe("ok");
    expect(service.bodies).toEqual(Array(3).fill(body ?? ""));
  });

  test("but no more than three times", async () => {
    const service = serve(busy);
    expect((await send(service.url)).status).toBe(503);
    expect(service.bodies).toHaveLength(3);
  });

  test("and not when the service asks for a longer pause", async () => {
    const service = serve(() => new Response(null, { status: 503, headers: { "retry-after": "30" } }));
    expect((await send(service.url)).status).toBe(503);
    expect(service.bodies).toHaveLength(1);
  });
});

describe("what might happen twice is sent once", () => {
  test.each(["POST", "PATCH", "DELETE"])("%s without a key or version", async (method) => {
    const service = serve(busy, ok);
    expect((await send(service.url, { method })).status).toBe(503);
    expect(service.bodies).toHaveLength(1);
  });

  test("an error of the request itself is not tried again", async () => {
    const service = serve(() => new Response(null, { status: 422 }), ok);
    expect((await send(service.url)).status).toBe(422);
    expect(service.bodies).toHaveLength(1);
  });
});

describe("a service that cannot be reached is a problem `unavailable`", () => {
  test("when nobody listens", async () => {
    const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: ok });
    const url = server.url.href;
    await server.stop(true);
    await expect(send(url)).rejects.toMatchObject({ name: "Problem", kind: "unavailable" });
  });

  test("when it does not answer within the timeout", async () => {
    const service = serve(() => Promise.withResolvers<Response>().promise);
    const started = performance.now();
    await expect(send(service.url, {}, { timeoutMs: 50, tries: 2 })).rejects.toMatchObject({ kind: "unavailable" });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(service.bodies).toHaveLength(2);
  });

  test("when the answer stops in its middle", async () => {
    const stuck = () =>
      new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(3)) }));
    const service = serve(stuck);
    await expect(send(service.url, {}, { timeoutMs: 50, tries: 1 })).rejects.toMatchObject({ kind: "unavailable" });
  });

  test("when an app in this process throws", async () => {
    const broken = {
      fetch(): Response {
        throw new Error("defect");
      },
    };
    const failed = inProcessFetch({ api: broken, audit: broken })("audit", new Request("http://rondo.internal/"));
    expect(await failed.catch((error: unknown) => error)).toBeInstanceOf(Problem);
  });
});

test("a compressed answer arrives readable, without the headers of its encoded form", async () => {
  const gzip = () => new Response(Bun.gzipSync("hello"), { headers: { "content-encoding": "gzip" } });
  const response = await send(serve(gzip).url);
  expect(response.headers.get("content-encoding")).toBeNull();
  expect(await response.text()).toBe("hello");
});

test("a redirect is handed back, not followed", async () => {
  const service = serve(() => new Response(null, { status: 302, headers: { location: "/elsewhere" } }));
  expect((await send(service.url)).status).toBe(302);
  expect(service.bodies).toHaveLength(1);
});
