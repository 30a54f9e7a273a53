import { describe, expect, test } from "bun:test";
import { createMetrics } from "@rondo/telemetry";
import { type } from "arktype";
import { echo } from "./fixtures/echo.ts";
import { type BaseAppOptions, baseApp } from "./index.ts";

const origin = "http://localhost:3000";

function makeApp(options: Partial<BaseAppOptions> = {}) {
  const metrics = createMetrics();
  return { app: baseApp({ service: "test", metrics, trustedOrigin: origin, ...options }) };
}

describe("headers", () => {
  const strict =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

  test.each(["/", "/nothing", "/fails"])("every answer carries the strict policy: %s", async (path) => {
    const { app } = makeApp();
    app.get("/", (c) => c.html("<p>x</p>"));
    app.get("/fails", () => {
      throw new Error("x");
    });
    const { headers } = await app.request(path);
    expect(headers.get("content-security-policy")).toBe(strict);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("cache-control")).toMatch(/private, no-cache|no-store/);
    expect(headers.has("strict-transport-security")).toBe(false);
  });

  test("a page keeps to itself where it leads, what opens it and what it may use", async () => {
    const { app } = makeApp();
    app.get("/", (c) => c.html("<p>x</p>"));
    const { headers } = await app.request("/");
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("permissions-policy")).toContain("camera=()");
  });

  test("an answer may say how it is cached, but not be sniffed", async () => {
    const { app } = makeApp();
    app.get(
      "/",
      () => new Response("x", { headers: { "cache-control": "public, immutable", "x-content-type-options": "x" } }),
    );
    const { headers } = await app.request("/");
    expect(headers.get("cache-control")).toBe("public, immutable");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("an https origin brings HSTS; Trusted Types are an option", async () => {
    const { app } = makeApp({ trustedOrigin: "https://tasks.example", trustedTypes: ["htmx"] });
    const { headers } = await app.request("/");
    expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
    expect(headers.get("content-security-policy")).toEndWith("require-trusted-types-for 'script'; trusted-types htmx");
  });
});

test("a request that another site's page makes is refused before any handler sees it", async () => {
  const { app } = makeApp();
  let reached = 0;
  app.post("/", (c) => {
    reached += 1;
    return c.text("x");
  });
  const post = (headers: Record<string, string>) => app.request("/", { method: "POST", headers });
  expect((await post({ cookie: "s=1", origin: "http://evil.example" })).status).toBe(403);
  expect(reached).toBe(0);
  expect((await post({ cookie: "s=1", origin })).status).toBe(200);
});

describe("limits", () => {
  const schema = type({ "text?": "string" });

  test("a body over the limit is refused by its announced length, unread", async () => {
    const { app } = makeApp({ bodyLimit: 100 });
    app.post("/", (c) => c.text("not reached"));
    const response = await app.request("/", { method: "POST", headers: { "content-length": "101" }, body: "x" });
    expect(response.status).toBe(413);
  });

  test("a body that hides its length is refused as it grows", async () => {
    const { app } = makeApp({ bodyLimit: 1_000 });
    echo(app, "/", { body: schema });
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 500;
        controller.enqueue(new Uint8Array(500));
      },
    });
    const headers = { "transfer-encoding": "chunked", "content-type": "application/json" };
    const response = await app.request("/", { method: "POST", headers, body: endless });
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(10_000);
  });

  test("a body of this process is measured when it is read", async () => {
    const { app } = makeApp({ bodyLimit: 100 });
    echo(app, "/", { body: schema });
    const text = JSON.stringify({ text: "x".repeat(100) });
    const response = await app.request("/", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: text,
    });
    expect(response.status).toBe(413);
  });

  test("a request without an answer in time is 503, and its deadline has aborted", async () => {
    const { app } = makeApp({ deadlineMs: 40 });
    let signal: AbortSignal | undefined;
    app.get("/", (c) => {
      signal = c.get("deadline");
      return new Promise<Response>(() => undefined);
    });
    const begun = performance.now();
    const response = await app.request("/");
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(performance.now() - begun).toBeWithin(39, 1_000);
    expect(signal?.aborted).toBe(true);
  });

  test("a handler that fails after its deadline does no harm", async () => {
    const { app } = makeApp({ deadlineMs: 20 });
    const failed = Promise.withResolvers<void>();
    app.get("/", async (c) => {
      await new Promise((resolve) => c.get("deadline").addEventListener("abort", resolve));
      setTimeout(failed.resolve);
      throw new Error("too late");
    });
    expect((await app.request("/")).status).toBe(503);
    await failed.promise;
    expect((await app.request("/")).status).toBe(503);
  });
});
