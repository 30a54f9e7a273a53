import { describe, expect, test } from "bun:test";
import { notFound, Problem } from "@rondo/problem";
import { createMetrics } from "@rondo/telemetry";
import { type } from "arktype";
import { type BaseAppOptions, baseApp, body } from "./index.ts";

const origin = "http://localhost:3000";

function makeApp(options: Partial<BaseAppOptions> = {}) {
  const metrics = createMetrics();
  const app = baseApp({ service: "test", metrics, trustedOrigin: origin, ...options });
  return { app, metrics };
}

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  return response.json();
}

describe("problems", () => {
  test("a problem is rendered with its status, kind, fields and the request's id", async () => {
    const { app } = makeApp();
    const errors = [{ pointer: "/title", detail: "Must not be empty." }];
    app.get("/", () => {
      throw new Problem("invalid", "One field is wrong.", { errors });
    });
    const response = await app.request("/");
    expect(response.status).toBe(422);
    expect(await problemOf(response)).toEqual({
      type: "/problems/invalid",
      title: "Some fields are invalid",
      status: 422,
      detail: "One field is wrong.",
      errors,
      request_id: response.headers.get("x-request-id"),
    });
  });

  test.each(["an Error", "a string", "a database error"])("the cause of a 500 leaks nowhere: %s", async (what) => {
    const { app } = makeApp();
    app.get("/", () => {
      if (what === "a string") throw "secret-cause";
      throw what === "an Error"
        ? new Error("secret-cause")
        : Object.assign(new Error("secret-cause"), { code: "42P01" });
    });
    const response = await app.request("/");
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain("secret-cause");
    expect([...response.headers.values()].join()).not.toContain("secret-cause");
  });

  test("a database that is away is 503 with Retry-After", async () => {
    const { app } = makeApp();
    app.get("/", () => {
      throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    });
    const response = await app.request("/");
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("1");
  });

  test("a 401 says which credential it wants", async () => {
    const { app } = makeApp();
    app.get("/", () => {
      throw new Problem("unauthenticated", "Sign in.");
    });
    expect((await app.request("/")).headers.get("www-authenticate")).toStartWith("Bearer");
  });

  test("missing and foreign things differ in nothing but the request's id", async () => {
    const { app } = makeApp();
    app.get("/tasks/:id", () => {
      throw notFound();
    });
    const ask = async (path: string) => {
      const response = await app.request(path, { headers: { "x-request-id": "same" } });
      const headers = [...response.headers].filter(([name]) => name !== "date");
      return { status: response.status, headers, body: await response.text() };
    };
    expect(await ask("/tasks/1")).toEqual(await ask("/tasks/2"));
  });

  test("pages may render problems their own way, and a renderer that fails costs nobody the answer", async () => {
    const { app } = makeApp({
      renderProblem(problem) {
        if (problem.kind === "conflict") throw new Error("broken template");
        return problem.kind === "not_found" ? new Response("<h1>Gone</h1>", { status: 404 }) : undefined;
      },
    });
    app.get("/conflict", () => {
      throw new Problem("conflict", "Two at once.");
    });
    expect(await (await app.request("/nowhere")).text()).toBe("<h1>Gone</h1>");
    expect((await app.request("/conflict")).status).toBe(409);
  });
});

describe("routes", () => {
  test("an unknown path is 404, a known path with another method 405 with Allow", async () => {
    const { app } = makeApp();
    app.use("/things/*", (_c, next) => next());
    app.get("/things/:id", (c) => c.text("x"));
    app.delete("/things/:id", (c) => c.text("x"));
    expect((await app.request("/nothing")).status).toBe(404);
    expect((await app.request("/things/1/more")).status).toBe(404);
    const response = await app.request("/things/1", { method: "POST" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, DELETE, HEAD");
  });

  test("requests are counted by route pattern, never by path", async () => {
    const { app, metrics } = makeApp();
    app.use("/things/*", (_c, next) => next());
    app.get("/things/:id", (c) => c.text("x"));
    app.all("/auth/*", (c) => c.text("x"));
    for (const path of ["/things/1", "/things/2", "/auth/a/b", "/nothing/3", "/things/1/more"]) await app.request(path);
    const text = await metrics.render();
    expect(text).toContain("/things/:id");
    expect(text).toContain("/auth/*");
    expect(text).toContain("none");
    for (const path of ["/things/1", "/auth/a", "/nothing"]) expect(text).not.toContain(path);
  });
});

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
    app.post("/", body(schema), (c) => c.json(c.req.valid("json")));
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
    app.post("/", body(schema), (c) => c.json({}));
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
