import { afterAll, beforeAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createClient, invocationFetch, type Transport } from "@rondo/client";
import { baseApp, clientAddress } from "@rondo/http";
import { Problem } from "@rondo/problem";
import {
  type AuthorityProcess,
  type SidecarProcess,
  startAuthority,
  startSidecar,
  writeResources,
} from "@rondo/scripts/engine";
import { createSidecar } from "@rondo/sidecar";
import { continueTrace, createMetrics, withContext } from "@rondo/telemetry";
import { describeWith, temporaryFolder, waitFor } from "@rondo/testing";
import { openEngine } from "./open.ts";

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
  readonly address: string;
}

type AppId = "api" | "audit" | "web" | "sync";

/** A service beside its sidecar: the app notes what arrives and answers what the test wants. */
interface Service {
  readonly seen: Seen[];
  answer: (request: Request) => Response | Promise<Response>;
  readonly transport: Transport;
  readonly sidecar: SidecarProcess;
  /** Its app goes away, its sidecar stays. */
  endApp(): Promise<void>;
}

const tokens = { dapr: "shown-to-the-sidecar", app: "shown-to-the-app" };
const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

describeWith(["daprd", "sentry"], "calls through real sidecars", () => {
  const folder = temporaryFolder("calls");
  const resources = writeResources(folder);
  // Nothing here publishes or subscribes, so no Kafka is needed.
  for (const name of ["events", "broadcast", "audit_task_events", "sync_task_updates"]) {
    rmSync(join(resources.folder, `${name}.yaml`));
  }
  let authority: AuthorityProcess;
  const services = {} as Record<AppId, Service>;
  const stops: (() => Promise<void>)[] = [];

  async function start(appId: AppId): Promise<Service> {
    const metrics = createMetrics();
    const seen: Seen[] = [];
    const { sidecar: calls, mount } = openEngine({
      config: { engine: "dapr", sidecarUrl: "http://127.0.0.1:1", daprToken: tokens.dapr, appToken: tokens.app },
      metrics,
    });
    const app = baseApp({ service: appId, metrics, trustedOrigin: "http://rondo.example", sidecar: calls });
    app.all("*", async (c) => {
      const { pathname, search } = new URL(c.req.url);
      const { method, headers } = c.req.raw;
      seen.push({ method, path: pathname + search, headers, body: await c.req.text(), address: clientAddress(c) });
      return service.answer(c.req.raw);
    });
    const mounted = mount(app);
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: (request, own) => mounted.fetch(request, { server: own }),
    });
    const sidecar = await startSidecar({
      appId,
      appPort: server.port ?? 0,
      resources,
      brokers: "127.0.0.1:1",
      tokens,
      authority,
      folder: join(folder, appId),
    });
    const own = createSidecar({ url: sidecar.url, token: tokens.dapr });
    const service: Service = {
      seen,
      answer: () => Response.json({}),
      transport: invocationFetch({ sidecar: own }),
      sidecar,
      endApp: () => server.stop(true),
    };
    stops.push(sidecar.stop, () => server.stop(true));
    return service;
  }

  beforeAll(async () => {
    authority = await startAuthority({ folder: join(folder, "authority") });
    stops.push(authority.stop);
    await Promise.all(
      (["api", "audit", "web", "sync"] as const).map(async (appId) => {
        services[appId] = await start(appId);
      }),
    );
    // A sidecar calls its app only once it has found it well.
    const well = () => ask("web", "api", "/api/v1/me").then(() => ask("web", "audit", "/api/v1/audit"));
    await waitFor(async () => (await well()).ok, { what: "the apps to be well" });
  });
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  const ask = (from: AppId, to: "api" | "audit", path: string, init: RequestInit = {}) =>
    services[from].transport(to, new Request(`http://rondo.internal${path}`, init));
  const lastSeen = (appId: AppId): Seen => {
    const last = services[appId].seen.at(-1);
    if (last === undefined) throw new Error(`nothing arrived at ${appId}`);
    return last;
  };
  const refusal = async (call: Promise<unknown>): Promise<Problem> => {
    const error = await call.then(
      () => undefined,
      (caught: unknown) => caught,
    );
    if (!(error instanceof Problem)) throw new Error(`expected a Problem, got ${String(error)}`);
    return error;
  };
  const client = () => createClient({ fetch: services.web.transport, origin: "http://rondo.example" });

  test("who is named may call what it is named for", async () => {
    for (const [from, to, path] of [
      ["web", "api", "/api/v1/tasks"],
      ["web", "audit", "/api/v1/audit"],
      ["audit", "api", "/api/auth/token"],
      ["sync", "api", "/api/auth/jwks"],
    ] as const) {
      expect((await ask(from, to, path)).status).toBe(200);
    }
  });

  test("everything else is refused by the other sidecar with 403, which is our own mistake and never shown", async () => {
    const before = services.api.seen.length;
    for (const [from, to, path, method] of [
      ["audit", "api", "/api/v1/tasks", "GET"],
      ["audit", "api", "/api/auth/token", "POST"],
      ["sync", "api", "/api/v1/tasks", "GET"],
      ["sync", "audit", "/api/v1/audit", "GET"],
      ["api", "audit", "/api/v1/audit", "GET"],
      ["web", "api", "/events/task-events", "POST"],
      ["web", "api", "/job/tick", "POST"],
      ["web", "api", "/healthz", "GET"],
    ] as const) {
      const problem = await refusal(ask(from, to, path, { method }));
      expect(problem).toMatchObject({ kind: "internal", cause: { status: 403, code: "ERR_DIRECT_INVOKE" } });
      expect(problem.detail).not.toMatch(/spiffe|policy/);
    }
    expect(services.api.seen).toHaveLength(before);
  });

  test("credential, workspace, preconditions and request id arrive as they were sent", async () => {
    const person = client().as({ bearer: "jwt" }, { workspace_id: "w1" });
    await withContext({ request_id: "req-1" }, () => person.tasks.patch("t1", { title: "é" }, { version: 3 }));
    const { method, path, headers, body } = lastSeen("api");
    expect({ method, path, body }).toEqual({ method: "PATCH", path: "/api/v1/tasks/t1", body: '{"title":"é"}' });
    expect(headers.get("authorization")).toBe("Bearer jwt");
    expect(headers.get("rondo-workspace")).toBe("w1");
    expect(headers.get("if-match")).toBe('"3"');
    expect(headers.get("x-request-id")).toBe("req-1");
    expect(headers.get("content-type")).toBe("application/json");
    expect([...headers.keys()].filter((name) => name.startsWith("dapr-"))).toEqual([]);
  });

  test("the trace goes on, with the sidecars' own spans in between and the caller's decision to record", async () => {
    const person = client().as({ bearer: "jwt" });
    for (const flags of ["01", "00"]) {
      const place = `${traceparent.slice(0, -2)}${flags}`;
      await continueTrace(place, "click", () => person.me());
      const arrived = lastSeen("api").headers.get("traceparent") ?? "";
      expect(arrived).toMatch(new RegExp(`^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-${flags}$`));
      expect(arrived).not.toBe(place);
    }
  });

  test("signing in hands on the browser's address and gives back every cookie", async () => {
    services.api.answer = () => {
      const headers = new Headers([
        ["set-cookie", "a=1; Path=/; HttpOnly; SameSite=Lax"],
        ["set-cookie", "b=2; Path=/"],
      ]);
      return new Response("{}", { headers });
    };
    const context = { client_address: "192.0.2.7", user_agent: "Firefox" };
    const signedIn = await client().auth.signIn({ email: "ann@example.org", password: "secret" }, context);
    expect(signedIn.setCookies).toEqual(["a=1; Path=/; HttpOnly; SameSite=Lax", "b=2; Path=/"]);
    expect(lastSeen("api")).toMatchObject({ address: "192.0.2.7", method: "POST", path: "/api/auth/sign-in/email" });
    expect(lastSeen("api").headers.get("user-agent")).toBe("Firefox");
    services.api.answer = () => Response.json({});
  });

  test("of the client's address only the web tier's word counts, and it names nobody else by pretending", async () => {
    const headers = { "x-forwarded-for": "192.0.2.7", "dapr-caller-app-id": "web" };
    await ask("sync", "api", "/api/auth/token", { headers });
    expect(lastSeen("api").address).toBe("127.0.0.1");
    await ask("web", "api", "/api/v1/me", { headers: { "x-forwarded-for": "6.6.6.6, 192.0.2.7" } });
    expect(lastSeen("api").address).toBe("192.0.2.7");
  });

  test("a query, and bodies as large as they come, arrive whole", async () => {
    services.api.answer = async (request) => new Response(request.method === "POST" ? "y".repeat(12_000_000) : "ok");
    await ask("web", "api", "/api/v1/tasks?project=a%26b&cursor=%2F%3D");
    expect(lastSeen("api").path).toBe("/api/v1/tasks?project=a%26b&cursor=%2F%3D");
    const answer = await ask("web", "api", "/api/v1/tasks", { method: "POST", body: "x".repeat(1_000_000) });
    expect((await answer.text()).length).toBe(12_000_000);
    expect(lastSeen("api").body).toHaveLength(1_000_000);
    services.api.answer = () => Response.json({});
  });

  test("problems and redirects of the service arrive as they are", async () => {
    services.api.answer = () => {
      throw new Problem("unavailable", "Not now.", { retryAfterSeconds: 7 });
    };
    const answer = await ask("web", "api", "/api/v1/me");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "7"]);
    expect(await answer.json()).toMatchObject({ type: "/problems/unavailable", detail: "Not now." });
    services.api.answer = () => new Response(null, { status: 302, headers: { location: "/elsewhere" } });
    expect((await ask("web", "api", "/api/v1/me")).headers.get("location")).toBe("/elsewhere");
    services.api.answer = () => Response.json({});
  });

  test("a call to an app that is away certainly had no effect; one whose sidecar dies under it may have", async () => {
    const { audit } = services;
    const begun = Promise.withResolvers<void>();
    audit.answer = async () => {
      begun.resolve();
      await audit.sidecar.ended;
      return new Response();
    };
    const before = audit.seen.length;
    const call = refusal(ask("web", "audit", "/api/v1/audit", { method: "POST" }));
    await begun.promise;
    await audit.sidecar.kill();
    expect(await call).toMatchObject({ kind: "unavailable", mayHaveArrived: true });
    expect(audit.seen.length - before).toBe(1);
    await services.api.endApp();
    // A sidecar learns of the death of an app, or of another sidecar, by a call over a connection that is no more; from then on it is sure.
    const certain = async (app: "api" | "audit", path: string) => {
      const problem = await refusal(ask("web", app, path, { method: "POST" }));
      return "mayHaveArrived" in problem && problem.mayHaveArrived === false;
    };
    await waitFor(() => certain("api", "/api/v1/me"), { what: "the death of an app to be known" });
    const what = "the death of a sidecar to be known";
    await waitFor(() => certain("audit", "/api/v1/audit"), { what });
  });
});
