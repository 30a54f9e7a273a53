import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { Problem, toProblemDocument } from "@rondo/problem";
import { continueTrace, createMetrics, withContext } from "@rondo/telemetry";
import { Hono } from "hono";
import { createClient } from "./client.ts";
import { invocationFetch } from "./invocation.ts";
import { resilient } from "./resilient.ts";
import { sidecarBeside } from "./transport.fixture.ts";
import { httpFetch, inProcessFetch } from "./transport.ts";
import type { Transport } from "./types.ts";

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
let seen: Seen[] = [];
let answer: (request: Request) => Response = () => Response.json({});

/** Stands at the other end: notes what arrives and answers what the test wants. */
function service(name: string): Hono {
  return new Hono().all("*", async (c) => {
    const { pathname, search } = new URL(c.req.url);
    seen.push({
      method: c.req.method,
      path: `${name} ${pathname}${search}`,
      headers: c.req.raw.headers,
      body: await c.req.text(),
    });
    return answer(c.req.raw);
  });
}

const apps = { api: service("api"), audit: service("audit") };
const servers = [apps.api, apps.audit].map((app) => Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: app.fetch }));
const [api = "", audit = ""] = servers.map((server) => server.url.href);
const beside = sidecarBeside({ api, audit });
afterAll(() => Promise.all([beside.stop(), ...servers.map((server) => server.stop(true))]));

const metrics = createMetrics();
const transports: Record<string, Transport> = {
  "in-process": inProcessFetch(apps),
  HTTP: resilient(httpFetch({ api, audit }), { metrics, retries: 0 }),
  invocation: resilient(invocationFetch({ sidecar: beside.sidecar }), { metrics, retries: 0 }),
};

function problem(...of: ConstructorParameters<typeof Problem>): Response {
  const document = toProblemDocument(new Problem(...of), "r1");
  return Response.json(document, { status: document.status, headers: { "content-type": "application/problem+json" } });
}

async function thrown(promise: Promise<unknown>): Promise<Problem> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof Problem)) throw new Error(`expected a Problem, got ${String(error)}`);
  return error;
}

describe.each(Object.entries(transports))("client over %s", (way, fetch) => {
  const client = createClient({ fetch, origin: "http://rondo.example" });
  const person = client.as({ bearer: "jwt" }, { workspace_id: "w1" });

  beforeEach(() => {
    seen = [];
    answer = () => Response.json({});
  });

  test("a call carries its credential, workspace, request id and trace", async () => {
    const traced = () => continueTrace(traceparent, "click", () => person.tasks.get("t1"));
    await withContext({ request_id: "req-1" }, traced);
    const [call] = seen;
    expect(call?.path).toBe("api /api/v1/tasks/t1");
    expect(call?.headers.get("authorization")).toBe("Bearer jwt");
    expect(call?.headers.get("rondo-workspace")).toBe("w1");
    expect(call?.headers.get("x-request-id")).toBe("req-1");
    expect(call?.headers.get("traceparent")).toStartWith(traceparent.slice(0, 36));
  });

  test("a cookie goes with the site's origin, a token without", async () => {
    await client.as({ cookie: "s=1" }).me();
    await person.me();
    expect(seen.map(({ headers }) => [headers.get("cookie"), headers.get("origin")])).toEqual([
      ["s=1", "http://rondo.example"],
      [null, null],
    ]);
  });

  test("a list sends only the parameters that are given", async () => {
    answer = () => Response.json({ items: [{ id: "t1" }], next_cursor: "c" });
    const page = await person.tasks.list({ status: "all", limit: 2, cursor: undefined, project: "a&b" });
    expect(seen[0]?.path).toBe("api /api/v1/tasks?status=all&limit=2&project=a%26b");
    expect(page.next_cursor).toBe("c");
    await person.audit.list({ task_id: "t1" });
    expect(seen[1]?.path).toBe("audit /api/v1/audit?task_id=t1");
  });

  test("a change sends its version and answers the operation that undoes it", async () => {
    answer = () => Response.json({ id: "t1", version: 4 }, { headers: { "rondo-operation": "o1" } });
    const changed = await person.tasks.patch("t1", { notes: "n", due_date: null }, { version: 3 });
    expect(changed).toMatchObject({ value: { id: "t1", version: 4 }, operation_id: "o1" });
    expect(seen[0]).toMatchObject({ method: "PATCH", body: '{"notes":"n","due_date":null}' });
    expect(seen[0]?.headers.get("if-match")).toBe('"3"');
  });

  test("each verb is its call of the public interface", async () => {
    await person.tasks.create({ title: "Buy milk" }, { idempotency_key: "k" });
    await person.tasks.complete("t1");
    await person.tasks.reopen("t1");
    await person.tasks.remove("t1");
    await person.tasks.restore("t1");
    await person.tasks.move("t1", { before_id: "t2" });
    await person.projects.patch("p1", { archived: true });
    await person.projects.remove("p1");
    await person.undo({ operation_id: "o1" });
    await person.tokens.revoke("k1");
    expect(
      seen.map(({ method, path, body }) => `${method} ${path.slice("api /api/v1".length)} ${body}`.trim()),
    ).toEqual([
      'POST /tasks {"title":"Buy milk"}',
      "POST /tasks/t1/completion",
      "DELETE /tasks/t1/completion",
      "DELETE /tasks/t1",
      "POST /tasks/t1/restoration",
      'POST /tasks/t1/move {"before_id":"t2"}',
      'PATCH /projects/p1 {"archived":true}',
      "DELETE /projects/p1",
      'POST /undo {"operation_id":"o1"}',
      "DELETE /tokens/k1",
    ]);
    expect(seen[0]?.headers.get("idempotency-key")).toBe("k");
  });

  test("a thing that is gone for every reader still answers the operation that brings it back", async () => {
    answer = () => new Response(null, { status: 204, headers: { "rondo-operation": "o1" } });
    expect(await person.projects.remove("p1")).toEqual({ value: undefined, operation_id: "o1" });
  });

  test("a problem document is thrown as the problem it was", async () => {
    const errors = [{ pointer: "/title", detail: "is empty" }];
    answer = () => problem("invalid", "Look again.", { errors });
    expect(await thrown(person.tasks.create({ title: "" }))).toMatchObject({
      kind: "invalid",
      detail: "Look again.",
      errors,
    });
    answer = () => problem("stale", "Changed.", { current: { id: "t1", version: 9 } });
    const stale = await thrown(person.tasks.patch("t1", {}, { version: 1 }));
    expect(stale).toMatchObject({ kind: "stale", current: { id: "t1", version: 9 } });
  });

  test("an answer that is no problem document still becomes a problem", async () => {
    answer = () => Response.json({ message: "Slow down" }, { status: 429, headers: { "retry-after": "7" } });
    expect(await thrown(person.me())).toMatchObject({ kind: "too_many", detail: "Slow down", retryAfterSeconds: 7 });
    answer = () => new Response("<html>", { status: 502 });
    expect((await thrown(person.me())).kind).toBe("unavailable");
    answer = () => new Response(null, { status: 302, headers: { location: "/elsewhere" } });
    expect((await thrown(person.me())).kind).toBe("internal");
  });

  test("an id cannot reach another route", async () => {
    const strange = person.tasks.get("../../auth/x?y#z");
    if (way === "invocation") expect((await thrown(strange)).kind).toBe("not_found");
    else await strange;
    expect(seen.map(({ path }) => path)).toEqual(
      way === "invocation" ? [] : ["api /api/v1/tasks/..%2F..%2Fauth%2Fx%3Fy%23z"],
    );
    seen = [];
    for (const id of ["", ".", "..", "\ud800"]) expect((await thrown(person.tasks.remove(id))).kind).toBe("not_found");
    expect(seen).toHaveLength(0);
  });

  test("signing in hands on the browser's address and cookie, and gives back every cookie", async () => {
    answer = () => {
      const headers = new Headers([
        ["set-cookie", "a=1; Path=/; HttpOnly"],
        ["set-cookie", "b=2; Path=/"],
      ]);
      return new Response("{}", { headers });
    };
    const context = { client_address: "192.0.2.7", user_agent: "Firefox", cookie: "s=1" };
    const signedIn = await client.auth.signIn({ email: "ann@example.org", password: "secret" }, context);
    expect(signedIn.setCookies).toEqual(["a=1; Path=/; HttpOnly", "b=2; Path=/"]);
    expect(seen[0]?.path).toBe("api /api/auth/sign-in/email");
    // A sidecar adds its own host behind it.
    expect(seen[0]?.headers.get("x-forwarded-for")?.split(", ")[0]).toBe("192.0.2.7");
    expect(seen[0]?.headers.get("user-agent")).toBe("Firefox");
    expect(seen[0]?.headers.get("cookie")).toBe("s=1");
  });

  test("the deadline of whoever asks ends the call", async () => {
    const gone = client.as({ bearer: "jwt" }, { signal: AbortSignal.abort(new Error("too late")) });
    const context = { signal: AbortSignal.abort(new Error("too late")) };
    if (way === "in-process") return expect(seen).toHaveLength(0);
    await expect(gone.me()).rejects.toThrow("too late");
    await expect(client.auth.signOut(context)).rejects.toThrow("too late");
  });

  test("sessions are listed and revoked by their ids", async () => {
    const session = {
      id: "s1",
      created_at: "2026-01-31T08:00:00.000Z",
      expires_at: "2026-02-07T08:00:00.000Z",
      ip_address: null,
      user_agent: "Firefox",
      current: true,
    };
    answer = () => Response.json({ items: [session], next_cursor: null });
    const { sessions } = client.as({ cookie: "s=1" });
    expect((await sessions.list()).items).toEqual([session]);
    await sessions.revoke({ id: "s1" });
    expect(seen.at(-1)).toMatchObject({ path: "api /api/auth/revoke-session", body: '{"id":"s1"}' });
    answer = () => Response.json({ type: "/problems/not_found", status: 404 }, { status: 404 });
    expect((await thrown(sessions.revoke({ id: "s2" }))).kind).toBe("not_found");
  });
});
