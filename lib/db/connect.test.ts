import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Problem } from "@rondo/problem";
import { createTestDatabase, type TestDatabase, waitFor } from "@rondo/testing";
import { connect, DatabaseStartError, errorCode, isUniqueViolation, mapDatabaseError } from "./index.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.sql.unsafe(`
    create table parent (id uuid primary key, amount int check (amount > 0), name text not null unique);
    create table child (id int primary key, parent_id uuid references parent);
    create type mood as enum ('calm')`);
});
afterAll(() => database.close());

const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("values", () => {
  test("come back in one canonical form each", async () => {
    const [row] = await database.sql`select
      timestamptz '2026-01-31 09:00:00.5+01' as half, timestamptz '2026-01-31 08:00:00Z' as whole,
      timestamptz '2026-01-31 08:00:00.123456Z' as micro, array[timestamptz '2026-01-31 08:00Z'] as several,
      date '2026-02-28' as day, time '09:30' as time, time '09:30:15' as seconds,
      9007199254740991::bigint as big, count(*) as counted, '{"a": [1]}'::jsonb as json, null::timestamptz as nothing`;
    expect(row).toEqual({
      half: "2026-01-31T08:00:00.500Z",
      whole: "2026-01-31T08:00:00.000Z",
      micro: "2026-01-31T08:00:00.123Z",
      several: ["2026-01-31T08:00:00.000Z"],
      day: "2026-02-28",
      time: "09:30",
      seconds: "09:30:15",
      big: 9007199254740991,
      counted: 1,
      json: { a: [1] },
      nothing: null,
    });
  });

  test("go in as texts, dates and numbers and come back equal", async () => {
    const instant = "2026-03-29T01:30:00.250Z";
    const [row] =
      await database.sql`select ${instant}::timestamptz(3) as text, ${new Date(instant)}::timestamptz as date,
      ${"2028-02-29"}::date as day, ${"23:59"}::time as time, ${[1, 2]}::bigint[] as numbers, ${["a", "b"]}::text[] as texts`;
    expect(row).toEqual({
      text: instant,
      date: instant,
      day: "2028-02-29",
      time: "23:59",
      numbers: [1, 2],
      texts: ["a", "b"],
    });
  });

  test("a bigint that a number cannot hold is refused rather than rounded", async () => {
    const error = await failureOf(database.sql`select 9007199254740993::bigint as big`);
    expect(error).toBeInstanceOf(RangeError);
    expect(await database.sql`select 1 as fine`).toHaveLength(1);
  });
});

describe("errors", () => {
  const cases: [string, string, string][] = [
    ["an id that is no id", "select 'x'::uuid", "invalid"],
    ["a word outside an enumeration", "select 'wild'::mood", "invalid"],
    ["a date that does not exist", "select '2026-02-30'::date", "invalid"],
    ["a number out of range", "select 3000000000::int", "invalid"],
    ["a violated check", "insert into parent values (gen_random_uuid(), -1, 'n')", "invalid"],
    ["a missing value", "insert into parent values (gen_random_uuid(), 1, null)", "invalid"],
    ["a missing parent", "insert into child values (1, gen_random_uuid())", "conflict"],
    ["a statement over its time", "set statement_timeout = 20; select pg_sleep(5)", "unavailable"],
  ];
  test.each(cases)("%s is a problem of its kind", async (_, statement, kind) => {
    const error = await failureOf(database.db.transaction((tx) => tx.unsafe(statement)));
    expect(mapDatabaseError(error)?.kind).toBe(kind as Problem["kind"]);
  });

  test("NUL in a text is invalid, not a defect", async () => {
    expect(mapDatabaseError(await failureOf(database.sql`select ${"a\u0000b"}::text`))?.kind).toBe("invalid");
  });

  test("a second row with the same name is told from other violations", async () => {
    const insert = () => database.sql`insert into parent values (gen_random_uuid(), 1, 'same')`;
    await insert();
    const error = await failureOf(insert());
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(error, "parent_name_key")).toBe(true);
    expect(isUniqueViolation(error, "parent_pkey")).toBe(false);
    expect(mapDatabaseError(error)?.kind).toBe("conflict");
  });

  test("a defect stays a defect", async () => {
    expect(mapDatabaseError(await failureOf(database.sql`select * from no_such_table`))).toBeUndefined();
    expect(mapDatabaseError(new TypeError("x"))).toBeUndefined();
  });

  test("a problem passes as it is", () => {
    const problem = new Problem("stale", "Changed meanwhile.");
    expect(mapDatabaseError(problem)).toBe(problem);
  });
});

describe("transactions", () => {
  test("commit what returned and roll back what threw", async () => {
    await database.sql`create table kept (n int)`;
    await database.db.transaction((tx) => tx`insert into kept values (1)`);
    const error = await failureOf(
      database.db.transaction(async (tx) => {
        await tx`insert into kept values (2)`;
        throw new Error("no");
      }),
    );
    expect(error).toEqual(new Error("no"));
    expect(await database.sql`select n from kept`).toEqual([{ n: 1 }] as never);
  });

  test("return arrays of anything as they are", async () => {
    expect(await database.db.transaction(async () => [1, [2]])).toEqual([1, [2]]);
  });

  test("that stand still are ended by the server, and their locks with them", async () => {
    await using db = disposable(connect({ url: database.url, name: "still", transactionTimeoutMs: 200 }));
    const release = Promise.withResolvers<void>();
    const error = failureOf(
      db.transaction(async (tx) => {
        await tx`lock table child`;
        await release.promise;
        await tx`select 1`;
      }),
    );
    await waitFor(
      async () => (await database.sql`select 1 from pg_locks where relation = 'child'::regclass`).length === 1,
      {
        what: "the lock",
      },
    );
    await waitFor(
      async () => (await database.sql`select 1 from pg_locks where relation = 'child'::regclass`).length === 0,
      {
        what: "the lock to be gone",
      },
    );
    release.resolve();
    expect(mapDatabaseError(await error)?.kind).toBe("unavailable");
  });

  test("that gave up waiting for a connection never run later", async () => {
    await using db = disposable(connect({ url: database.url, name: "one", max: 1, statementTimeoutMs: 50 }));
    const release = Promise.withResolvers<void>();
    const first = db.transaction(() => release.promise);
    let ran = false;
    const error = await failureOf(
      db.transaction(async () => {
        ran = true;
      }),
    );
    expect(mapDatabaseError(error)?.kind).toBe("unavailable");
    release.resolve();
    await first;
    await db.sql`select 1`;
    expect(ran).toBe(false);
  });
});

describe("deadlines", () => {
  test("a statement that takes too long is stopped by the server as unavailable", async () => {
    await using db = disposable(connect({ url: database.url, name: "slow", statementTimeoutMs: 100 }));
    const error = await failureOf(db.sql`select pg_sleep(10)`);
    expect(errorCode(error)).toBe("57014");
  });

  test("a statement that waits for a lock gives up before it is stopped", async () => {
    await database.sql`create table locked (n int)`;
    await using db = disposable(connect({ url: database.url, name: "blocked", statementTimeoutMs: 100 }));
    const release = Promise.withResolvers<void>();
    const holder = database.db.transaction(async (tx) => {
      await tx`lock table locked`;
      await release.promise;
    });
    await waitFor(
      async () => (await database.sql`select 1 from pg_locks where relation = 'locked'::regclass`).length > 0,
      {
        what: "the lock",
      },
    );
    expect(mapDatabaseError(await failureOf(db.sql`select * from locked`))?.kind).toBe("unavailable");
    release.resolve();
    await holder;
  });

  test("a statement that waits too long for a free connection is unavailable and not run later", async () => {
    await using db = disposable(connect({ url: database.url, name: "busy", max: 1, statementTimeoutMs: 1_000 }));
    await database.sql`create table late (n int)`;
    const release = Promise.withResolvers<void>();
    const holder = db.transaction(() => release.promise);
    await waitFor(() => db.stats().in_use === 1, { what: "the transaction" });
    const waiting = failureOf(db.sql`insert into late values (1)`);
    await waitFor(() => db.stats().waiting === 1, { what: "the waiting statement" });
    const error = await waiting;
    expect(error).toBeInstanceOf(Problem);
    expect(mapDatabaseError(error)?.kind).toBe("unavailable");
    release.resolve();
    await holder;
    expect(await db.sql`select * from late`).toHaveLength(0);
    expect(db.stats()).toEqual({ limit: 1, in_use: 0, waiting: 0 });
  });
});

describe("URLs", () => {
  test.each(["", "rondo", "mysql://a:secret@b/c"])("%p is refused in one line that keeps the secret", (url) => {
    const attempt = () => connect({ url, name: "x" });
    expect(attempt).toThrow(DatabaseStartError);
    expect(attempt).not.toThrow(/secret@b|\n/);
  });
});

function disposable<T extends { close(): Promise<void> }>(db: T): T & AsyncDisposable {
  return Object.assign(db, { [Symbol.asyncDispose]: () => db.close() });
}

test("a pool whose connections the server ended in the middle of a query closes at once", async () => {
  const db = connect({ url: database.url, name: "ended", max: 2 });
  const running = failureOf(db.sql`select pg_sleep(10)`);
  const terminated = () => database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ended' and state = 'active'`;
  await waitFor(async () => (await terminated()).length > 0, { what: "the query to run" });
  expect(mapDatabaseError(await running)?.kind).toBe("unavailable");
  const began = performance.now();
  await db.close();
  expect(performance.now() - began).toBeLessThan(2_000);
});
