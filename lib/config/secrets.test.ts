import { afterAll, describe, expect, test } from "bun:test";
import { engineGroup } from "./engine.ts";
import { databaseGroup, logGroup } from "./groups.ts";
import { completeFromStore } from "./secrets.ts";

const secrets: Record<string, string> = { DATABASE_URL: "postgres://secret/rondo", OTHER: "x" };
const asked: string[] = [];
/** Of a store as daprd answers: each secret of a file is an object of its own, one of Kubernetes has several keys. */
const sidecar = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/v1.0/healthz/outbound") return new Response(null, { status: 204 });
    if (request.headers.get("dapr-api-token") !== "a") return new Response("invalid api token", { status: 401 });
    asked.push(pathname);
    if (pathname === "/v1.0/secrets/file/bulk")
      return Response.json(Object.fromEntries(Object.entries(secrets).map(([key, value]) => [key, { [key]: value }])));
    if (pathname === "/v1.0/secrets/kubernetes/rondo") return Response.json(secrets);
    return Response.json({ errorCode: "ERR_SECRET_STORE_NOT_FOUND", message: "hush" }, { status: 401 });
  },
});
afterAll(() => sidecar.stop(true));

const spec = { ...engineGroup, ...databaseGroup, ...logGroup };
const env = {
  RONDO_ENGINE: "dapr",
  RONDO_SIDECAR_URL: sidecar.url.href,
  DAPR_API_TOKEN: "a",
  APP_API_TOKEN: "b",
  RONDO_SECRET_STORE: "file",
};

describe("secrets that the environment lacks", () => {
  test("come from the store, and nothing else does", async () => {
    expect(await completeFromStore(spec, env)).toEqual({
      env: { ...env, DATABASE_URL: "postgres://secret/rondo" },
      unread: [],
    });
  });

  test("come from one secret of the store where it is named", async () => {
    const { env: complete } = await completeFromStore(spec, { ...env, RONDO_SECRET_STORE: "kubernetes/rondo" });
    expect(complete.DATABASE_URL).toBe("postgres://secret/rondo");
    expect(asked.at(-1)).toBe("/v1.0/secrets/kubernetes/rondo");
  });

  test("are not asked for when they are set, when no store is named, or on the local engine", async () => {
    const before = asked.length;
    const set = { ...env, DATABASE_URL: "postgres://own/rondo" };
    const without = { ...env, RONDO_SECRET_STORE: undefined };
    for (const each of [set, without, { ...env, RONDO_ENGINE: "local" }]) {
      expect(await completeFromStore(spec, each)).toEqual({ env: each, unread: [] });
    }
    expect(await completeFromStore(databaseGroup, env)).toEqual({ env, unread: [] });
    expect(asked).toHaveLength(before);
  });
});

describe("a store that cannot be read is one line:", () => {
  const failing = async (more: Record<string, string>, withinMs = 1_000) => {
    const { failure, unread } = await completeFromStore(spec, { ...env, ...more }, withinMs);
    expect(unread).toEqual(["DATABASE_URL"]);
    return failure;
  };

  test("one that the sidecar does not have", async () => {
    const failure = await failing({ RONDO_SECRET_STORE: "none" });
    expect(failure).toStartWith('RONDO_SECRET_STORE is "none", but the secret store none cannot be read');
    expect(failure).not.toContain("hush");
  });

  test("no sidecar within the deadline", async () => {
    const begun = performance.now();
    const failure = await failing({ RONDO_SIDECAR_URL: "http://127.0.0.1:1" }, 150);
    expect(failure).toStartWith(
      'RONDO_SECRET_STORE is "file", but the sidecar at http://127.0.0.1:1 cannot be reached',
    );
    expect(performance.now() - begun).toBeGreaterThanOrEqual(150);
  });

  test("and no line of its own when the way to it is told wrongly: those lines come anyway", async () => {
    expect(await failing({ RONDO_SIDECAR_URL: "nonsense" })).toBeUndefined();
    expect(await failing({ DAPR_API_TOKEN: "" })).toBeUndefined();
  });
});
