import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createMetrics } from "@rondo/telemetry";
import { aPrincipal, createTestDatabase, type TestDatabase } from "@rondo/testing";
import {
  baseApp,
  countedCaller,
  createRateLimiter,
  type Decision,
  type RateLimiter,
  rateLimitMigration,
  trimRateLimits,
} from "./index.ts";

const schema = "http_test";
let database: TestDatabase;
let key = "";
let runs = 0;

beforeAll(async () => {
  const migrations = [{ id: 1, name: "rate_limit", sql: rateLimitMigration(schema) }];
  database = await createTestDatabase({ schemas: [{ schema, migrations }] });
});
afterAll(() => database.close());
beforeEach(() => {
  runs += 1;
  key = `caller ${runs}`;
});

/** A process: its own leases on the shared counts. `queries` counts the statements that it sends. */
function makeProcess(limit: number, chunk: number, windowMs = 60_000): RateLimiter & { queries(): number } {
  let queries = 0;
  const counting = new Proxy(database.sql, {
    apply(target, self, args) {
      const fragment = args.length === 1;
      if (!fragment) queries += 1;
      return Reflect.apply(target, self, args);
    },
  });
  const limiter = createRateLimiter({ sql: counting, schema, name: "test", limit, windowMs, chunk });
  return { ...limiter, queries: () => queries };
}

async function takeMany(limiter: RateLimiter, count: number): Promise<number> {
  const decisions = await Promise.all(Array.from({ length: count }, () => limiter.take(key)));
  return decisions.filter(({ allowed }: Decision) => allowed).length;
}

describe("exact (chunk 1)", () => {
  test("exactly the limit is allowed, however many processes and whatever their order", async () => {
    const processes = [makeProcess(10, 1), makeProcess(10, 1), makeProcess(10, 1)];
    const allowed = await Promise.all(processes.map((each) => takeMany(each, 20)));
    expect(allowed.reduce((sum, each) => sum + each, 0)).toBe(10);
  });

  test("who is refused learns when to come back", async () => {
    const limiter = makeProcess(1, 1, 30_000);
    await limiter.take(key);
    const { allowed, retryAfterSeconds } = await limiter.take(key);
    expect(allowed).toBe(false);
    expect(retryAfterSeconds).toBeWithin(29, 31);
  });

  test("an attempt that is given back does not count, in any process", async () => {
    const [one, other] = [makeProcess(2, 1), makeProcess(2, 1)];
    expect(await takeMany(one, 3)).toBe(2);
    await one.give(key);
    expect(await takeMany(other, 3)).toBe(1);
  });
});

describe("leased", () => {
  test("processes never exceed the limit together", async () => {
    const processes = [makeProcess(100, 7), makeProcess(100, 7), makeProcess(100, 7)];
    const allowed = await Promise.all(processes.map((each) => takeMany(each, 100)));
    expect(allowed.reduce((sum, each) => sum + each, 0)).toBe(100);
  });

  test("a caller of one process alone may be refused early by no more than the others' leases", async () => {
    const [one, two, three] = [makeProcess(100, 10), makeProcess(100, 10), makeProcess(100, 10)];
    await two.take(key);
    await three.take(key);
    const allowed = await takeMany(one, 200);
    expect(allowed + 2).toBeGreaterThanOrEqual(100 - 2 * (10 - 1));
    expect(allowed + 2).toBeLessThanOrEqual(100);
  });

  test("a request costs a query once per chunk only, and a refused one costs none", async () => {
    const limiter = makeProcess(100, 10);
    expect(await takeMany(limiter, 100)).toBe(100);
    expect(limiter.queries()).toBe(10);
    await takeMany(limiter, 1);
    const spent = limiter.queries();
    expect(await takeMany(limiter, 500)).toBe(0);
    expect(limiter.queries()).toBe(spent);
  });

  test("keys do not share their limit", async () => {
    const limiter = makeProcess(5, 5);
    expect(await takeMany(limiter, 6)).toBe(5);
    key = `${key} other`;
    expect(await takeMany(limiter, 6)).toBe(5);
  });
});

test("a new window begins when the old one is over, by the database's clock", async () => {
  for (const chunk of [1, 3]) {
    const limiter = makeProcess(3, chunk, 60_000);
    expect(await takeMany(limiter, 5)).toBe(3);
    await database.sql`update ${database.sql(schema)}.rate_limit set ends_at = now() where key = ${key}`;
    expect(await takeMany(makeProcess(3, chunk), 5)).toBe(3);
    key = `${key} next`;
  }
});

test("windows that are over are trimmed, others stay", async () => {
  const { sql } = database;
  await makeProcess(3, 1).take(key);
  await sql`insert into ${sql(schema)}.rate_limit values ('test', 'old', 1, 1, now() - interval '1 s')`;
  expect(await trimRateLimits(sql, schema)).toBeGreaterThanOrEqual(1);
  const left = await sql`select key from ${sql(schema)}.rate_limit where key in ('old', ${key})`;
  expect(left.map((row) => row.key)).toEqual([key]);
});

test("who calls too often is answered 429 with Retry-After, before anything else is done", async () => {
  const app = baseApp({ service: "test", metrics: createMetrics(), trustedOrigin: "http://x" });
  const principal = aPrincipal();
  const { sql } = database;
  const identify = countedCaller({ sql, schema, authenticate: async () => principal, requestsPerMinute: 2 });
  app.get("/", async (c) => c.text((await identify(c)).actor_id));
  const statuses = [await app.request("/"), await app.request("/")].map(({ status }) => status);
  expect(statuses).toEqual([200, 200]);
  const refused = await app.request("/");
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeWithin(1, 61);
});
