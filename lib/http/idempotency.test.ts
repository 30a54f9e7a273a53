import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { Problem } from "@rondo/problem";
import { createMetrics } from "@rondo/telemetry";
import { aPrincipal, createTestDatabase, type TestDatabase, waitFor } from "@rondo/testing";
import { baseApp, idempotency, idempotencyMigration, trimIdempotency } from "./index.ts";

const schema = "http_test";
let database: TestDatabase;

beforeAll(async () => {
  const migrations = [{ id: 1, name: "idempotency", sql: idempotencyMigration(schema) }];
  database = await createTestDatabase({ schemas: [{ schema, migrations }] });
});
afterAll(() => database.close());

let carriedOut: { id: string | undefined; body: string }[] = [];
let behave: (n: number) => Promise<Response> | Response = (n) =>
  Response.json({ n }, { status: 201, headers: { etag: '"1"', location: `/things/${n}`, "rondo-operation": "op" } });
const usual = behave;
beforeEach(() => {
  carriedOut = [];
  behave = usual;
});

/** A process with this principal's requests. */
function makeApp(principal = aPrincipal(), options: { leaseMs?: number; waitMs?: number } = {}) {
  const app = baseApp({ service: "test", metrics: createMetrics(), trustedOrigin: "http://x" });
  app.use(async (c, next) => {
    c.set("principal", principal);
    await next();
  });
  app.use(idempotency({ sql: database.sql, schema, ...options }));
  const carryOut = app.on(["POST", "PATCH"], ["/things", "/others"], async (c) => {
    carriedOut.push({ id: c.get("reserved_id"), body: await c.req.text() });
    return behave(carriedOut.length);
  });
  return (key: string, body: object = { a: 1 }, path = "/things", method = "POST") =>
    carryOut.request(path, { method, headers: { "idempotency-key": key }, body: JSON.stringify(body) });
}

test("the same key and body get the first answer again, headers of interest included", async () => {
  const send = makeApp();
  const first = await send("k1");
  const second = await send("k1");
  expect(carriedOut.length).toBe(1);
  expect(second.status).toBe(201);
  expect(second.headers.get("idempotent-replayed")).toBe("true");
  expect(first.headers.has("idempotent-replayed")).toBe(false);
  for (const name of ["etag", "location", "rondo-operation", "content-type"]) {
    expect(second.headers.get(name)).toBe(first.headers.get(name));
  }
  expect(await second.text()).toBe(await first.text());
});

test("another body or query with the same key is refused and not carried out", async () => {
  const send = makeApp();
  await send("k1", { a: 1 });
  for (const answer of [await send("k1", { a: 2 }), await send("k1", { a: 1 }, "/things?x=1")]) {
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ errors: [{ pointer: "header:Idempotency-Key" }] });
  }
  expect(carriedOut.length).toBe(1);
});

test("keys are their owner's: other actors, workspaces and paths have their own", async () => {
  const principal = aPrincipal();
  await makeApp(principal)("k1");
  await makeApp(aPrincipal())("k1");
  await makeApp({ ...principal, workspace_id: aPrincipal().workspace_id })("k1");
  await makeApp(principal)("k1", { a: 1 }, "/others");
  expect(carriedOut.length).toBe(4);
});

test("other methods, and requests without a key, pass by", async () => {
  const send = makeApp();
  await send("k1", {}, "/things", "PATCH");
  await send("k1", {}, "/things", "PATCH");
  expect(carriedOut.map(({ id }) => id)).toEqual([undefined, undefined]);
});

test.each(["a b", "x".repeat(256), "ä", ""])("the key %p is refused", async (key) => {
  expect((await makeApp()(key)).status).toBe(422);
  expect(carriedOut.length).toBe(0);
});

describe("at the same time", () => {
  test("the second waits for the first and gets its answer, also from another process", async () => {
    const principal = aPrincipal();
    const gate = Promise.withResolvers<void>();
    behave = async (n) => {
      await gate.promise;
      return Response.json({ n });
    };
    const answers = [makeApp(principal)("k1"), makeApp(principal)("k1"), makeApp(principal)("k1")];
    await waitFor(() => carriedOut.length === 1, { what: "the first request" });
    gate.resolve();
    const bodies = await Promise.all(answers.map(async (answer) => (await answer).text()));
    expect(bodies).toEqual(['{"n":1}', '{"n":1}', '{"n":1}']);
    expect(carriedOut.length).toBe(1);
  });

  test("when the first takes too long, the second is told so", async () => {
    const principal = aPrincipal();
    const gate = Promise.withResolvers<Response>();
    behave = () => gate.promise;
    const first = makeApp(principal)("k1");
    await waitFor(() => carriedOut.length === 1, { what: "the first request" });
    const second = await makeApp(principal, { waitMs: 30 })("k1");
    expect(second.status).toBe(409);
    expect(second.headers.get("retry-after")).toBe("1");
    gate.resolve(Response.json({}));
    expect((await first).status).toBe(200);
  });

  test("another body is refused at once, without waiting", async () => {
    const principal = aPrincipal();
    const gate = Promise.withResolvers<Response>();
    behave = () => gate.promise;
    const first = makeApp(principal)("k1");
    await waitFor(() => carriedOut.length === 1, { what: "the first request" });
    expect((await makeApp(principal, { waitMs: 60_000 })("k1", { a: 2 })).status).toBe(422);
    gate.resolve(Response.json({}));
    await first;
  });
});

describe("when the first did not succeed", () => {
  test("a refused request did nothing: its key is free, for another body too", async () => {
    const send = makeApp();
    behave = () => {
      throw new Problem("conflict", "Not now.");
    };
    expect((await send("k1", { a: 1 })).status).toBe(409);
    behave = usual;
    expect((await send("k1", { a: 2 })).status).toBe(201);
  });

  test("a failed request may have had its effect: the retry gets the same reserved id", async () => {
    const send = makeApp();
    behave = () => {
      throw new Error("lost the connection after the commit");
    };
    expect((await send("k1")).status).toBe(500);
    behave = usual;
    expect((await send("k1")).status).toBe(201);
    expect(carriedOut[0]?.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(carriedOut[1]?.id).toBe(carriedOut[0]?.id ?? "");
  });

  test("one that died with its process locks the key for its lease only, and leaves its reserved id", async () => {
    const principal = aPrincipal();
    const never = Promise.withResolvers<Response>();
    behave = () => never.promise;
    void makeApp(principal, { leaseMs: 60_000 })("k1");
    await waitFor(() => carriedOut.length === 1, { what: "the request that will die" });
    behave = usual;
    expect((await makeApp(principal, { waitMs: 20 })("k1")).status).toBe(409);
    const { sql } = database;
    await sql`update ${sql(schema)}.idempotency set leased_until = now() - interval '1 s' where status is null`;
    expect((await makeApp(principal)("k1", { a: 2 })).status).toBe(422);
    expect((await makeApp(principal)("k1")).status).toBe(201);
    expect(carriedOut[1]?.id).toBe(carriedOut[0]?.id ?? "");

    // The dead one was only slow: its late answer must not replace the one that was given.
    never.resolve(Response.json({ late: true }));
    expect(await (await makeApp(principal)("k1")).json()).toEqual({ n: 2 });
  });
});

test("an answer is forgotten after 24 hours, and trimmed", async () => {
  const { sql } = database;
  const send = makeApp();
  await send("k1", { a: 1 });
  await sql`update ${sql(schema)}.idempotency set created_at = now() - interval '25 hours'`;
  expect((await send("k1", { a: 2 })).headers.has("idempotent-replayed")).toBe(false);
  expect((await send("k1", { a: 2 })).headers.has("idempotent-replayed")).toBe(true);
  await sql`update ${sql(schema)}.idempotency set created_at = now() - interval '25 hours'`;
  await send("k2");
  expect(await trimIdempotency(sql, schema)).toBeGreaterThan(0);
  const left = await sql`select key from ${sql(schema)}.idempotency`;
  expect(left.map((row) => row.key)).toEqual(["k2"]);
});
