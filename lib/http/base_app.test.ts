import { describe, expect, test } from "bun:test";
import { notFound, Problem } from "@rondo/problem";
import { createMetrics } from "@rondo/telemetry";
import { type BaseAppOptions, baseApp } from "./index.ts";

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
