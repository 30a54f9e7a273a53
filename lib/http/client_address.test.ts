import { afterAll, expect, test } from "bun:test";
import { createMetrics } from "@rondo/telemetry";
import { knownProxies } from "./client_address.ts";
import { baseApp, clientAddress } from "./index.ts";

const servers: { stop(force: boolean): unknown }[] = [];
afterAll(() => Promise.all(servers.map((server) => server.stop(true))));

/** A server that answers whom it believes to talk with. */
function start(trustedProxies: readonly string[]) {
  const app = baseApp({ service: "test", metrics: createMetrics(), trustedOrigin: "http://x", trustedProxies });
  app.get("/", (c) => {
    const forwarded = c.req.header("x-forwarded-for") ?? null;
    const address = clientAddress(c);
    return c.json({ address, forwarded, host: c.req.header("x-forwarded-host") ?? null });
  });
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request, own) => app.fetch(request, { server: own }),
  });
  servers.push(server);
  return async (headers: Record<string, string>) => {
    const response = await fetch(server.url, { headers });
    return { ...(await response.json()), id: response.headers.get("x-request-id") };
  };
}

test("whoever is no known proxy cannot choose an address, a host or a request id", async () => {
  const ask = start([]);
  const answer = await ask({ "x-forwarded-for": "6.6.6.6", "x-forwarded-host": "evil", "x-request-id": "chosen" });
  expect(answer).toMatchObject({ address: "127.0.0.1", forwarded: null, host: null });
  expect(answer.id).toMatch(/^[0-9a-f-]{36}$/);
});

test("a known proxy names the client, and earlier entries are hearsay", async () => {
  const ask = start(["127.0.0.0/8", "10.0.0.0/8"]);
  expect(await ask({ "x-forwarded-for": "9.9.9.9" })).toMatchObject({ address: "9.9.9.9" });
  expect(await ask({ "x-forwarded-for": "6.6.6.6, 9.9.9.9, 10.1.2.3" })).toMatchObject({ address: "9.9.9.9" });
  expect(await ask({ "x-forwarded-for": "[2001:db8::1]:4711" })).toMatchObject({ address: "2001:db8::1" });
  expect(await ask({ "x-forwarded-for": "9.9.9.9:4711" })).toMatchObject({ address: "9.9.9.9" });
  expect(await ask({ "x-forwarded-for": "unknown" })).toMatchObject({ address: "127.0.0.1" });
});

test("a known proxy's request id is kept when it is sane", async () => {
  const ask = start(["127.0.0.1"]);
  expect((await ask({ "x-request-id": "from-proxy.1" })).id).toBe("from-proxy.1");
  for (const bad of ["a b", "x".repeat(65), 'a"b']) expect((await ask({ "x-request-id": bad })).id).not.toBe(bad);
});

test("a call from this process may pass the client's address and the request's id on", async () => {
  const app = baseApp({ service: "test", metrics: createMetrics(), trustedOrigin: "http://x" });
  app.get("/", (c) => c.text(clientAddress(c)));
  const response = await app.request("/", { headers: { "x-forwarded-for": "9.9.9.9", "x-request-id": "from-web" } });
  expect(await response.text()).toBe("9.9.9.9");
  expect(response.headers.get("x-request-id")).toBe("from-web");
  expect(await (await app.request("/")).text()).toBe("in-process");
});

test("what is no address or block is refused at start", () => {
  for (const entry of ["example.org", "10.0.0.0/33", "10.0.0.0/", "::1/129", ""]) {
    expect(() => knownProxies([entry])).toThrow("neither an IP address");
  }
  expect(knownProxies(["::1", "fd00::/8"]).trusts("fd12::1")).toBe(true);
  expect(knownProxies(["::1", "fd00::/8"]).trusts("127.0.0.1")).toBe(false);
});
