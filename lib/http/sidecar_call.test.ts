import { afterAll, expect, test } from "bun:test";
import { createMetrics } from "@rondo/telemetry";
import { baseApp, clientAddress } from "./index.ts";

const token = "shown-by-our-sidecar";
const app = baseApp({
  service: "test",
  metrics: createMetrics(),
  trustedOrigin: "http://x",
  sidecar: { token, believed: ["web"] },
});
app.get("/", (c) => c.json({ address: clientAddress(c), headers: [...c.req.raw.headers.keys()] }));
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: (request, own) => app.fetch(request, { server: own }),
});
afterAll(() => server.stop(true));

async function ask(headers: Record<string, string>) {
  const response = await fetch(server.url, { headers });
  const { address, headers: seen } = (await response.json()) as { address: string; headers: readonly string[] };
  return { address, seen, id: response.headers.get("x-request-id") };
}

/** As daprd 1.18.2 hands a call on: the app's own headers, then its own. */
const through = (caller: string, forwarded: string) => ({
  "dapr-api-token": token,
  "dapr-caller-app-id": caller,
  "dapr-callee-app-id": "api",
  "x-forwarded-for": forwarded,
  "x-forwarded-host": "node-1",
  forwarded: "for=10.0.0.9;by=10.0.0.9;host=node-1",
  "x-request-id": "req-1",
});

test("the client of a call through the sidecars is whom the web tier names", async () => {
  expect(await ask(through("web", "192.0.2.7, 10.0.0.9"))).toMatchObject({ address: "192.0.2.7", id: "req-1" });
  expect((await ask(through("web", "2001:db8::1, 10.0.0.9"))).address).toBe("2001:db8::1");
});

test("when it names none, or nonsense, it is the host of the caller", async () => {
  expect((await ask(through("web", "10.0.0.9"))).address).toBe("10.0.0.9");
  expect((await ask(through("web", "in-process, 10.0.0.9"))).address).toBe("10.0.0.9");
});

test("no other program's word counts, nor a caller that claims to be two", async () => {
  for (const caller of ["audit", "sync", "web, audit", "audit, web", ""]) {
    expect((await ask(through(caller, "192.0.2.7, 10.0.0.9"))).address).toBe("10.0.0.9");
  }
});

test("hearsay further left does not count", async () => {
  expect((await ask(through("web", "6.6.6.6, 192.0.2.7, 10.0.0.9"))).address).toBe("192.0.2.7");
});

test("who does not show the token speaks for itself, whatever headers it sends", async () => {
  for (const shown of ["", "wrong", `${token}x`]) {
    const answer = await ask({ ...through("web", "192.0.2.7, 10.0.0.9"), "dapr-api-token": shown });
    expect(answer.address).toBe("127.0.0.1");
    expect(answer.id).not.toBe("req-1");
    expect(answer.seen).not.toContain("x-forwarded-for");
  }
});

test("what the sidecars say stops here: no handler sees the token", async () => {
  const { seen } = await ask(through("web", "192.0.2.7, 10.0.0.9"));
  expect(seen.filter((name) => /^(dapr-|x-forwarded|forwarded)/.test(name))).toEqual([]);
});
