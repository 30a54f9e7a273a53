import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createTestDatabase, type TestDatabase, waitFor } from "@rondo/testing";
import { connect, DatabaseStartError, type Migration, MigrationError, migrate, pendingMigrations } from "./index.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

const one: Migration = { id: 1, name: "one", sql: "create table house.one (n int); insert into house.one values (1)" };
const two: Migration = { id: 2, name: "two", sql: "alter table house.one add column m text" };
const dropped: Migration = { id: 2, name: "dropped", sql: "alter table house.one drop column n", contract: true };
const house = (...migrations: Migration[]) => ({ schema: "house", migrations });

test("migrations run once each, in order, and are remembered", async () => {
  expect(await migrate(database.sql, house(one))).toEqual(["one"]);
  expect(await migrate(database.sql, house(one, two))).toEqual(["two"]);
  expect(await migrate(database.sql, house(one, two))).toEqual([]);
  const rows = await database.sql`select id, name from house.migration order by id`;
  expect([...rows]).toEqual([
    { id: 1, name: "one" },
    { id: 2, name: "two" },
  ]);
});

test("what is pending can be asked without changing anything", async () => {
  expect(await pendingMigrations(database.sql, house(one, two))).toEqual(["one", "two"]);
  expect(await database.sql`select 1 from pg_namespace where nspname = 'house'`).toHaveLength(0);
  await migrate(database.sql, house(one));
  expect(await pendingMigrations(database.sql, house(one, two))).toEqual(["two"]);
  await migrate(database.sql, house(one, two));
  expect(await pendingMigrations(database.sql, house(one, two))).toEqual([]);
  expect(pendingMigrations(database.sql, house(one, { ...two, sql: "select 2" }))).rejects.toThrow("was changed after");
});

test("eight starters at once apply each migration exactly once", async () => {
  const many = Array.from({ length: 10 }, (_, index) => ({
    id: index + 1,
    name: `m${index + 1}`,
    sql: index === 0 ? one.sql : `select pg_sleep(0.005); update house.one set n = n + 1`,
  }));
  const pools = Array.from({ length: 8 }, (_, index) =>
    connect({ url: database.url, name: `starter ${index}`, max: 2 }),
  );
  try {
    const applied = await Promise.all(pools.map((pool) => migrate(pool.sql, house(...many))));
    expect(applied.flat().sort()).toEqual(many.map(({ name }) => name).sort());
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
  }
  expect(await database.sql`select n from house.one`).toEqual([{ n: 10 }] as never);
});

test("schemas are migrated independently of each other", async () => {
  await migrate(database.sql, house(one));
  expect(await migrate(database.sql, { schema: "shed", migrations: [{ id: 1, name: "s", sql: "select 1" }] })).toEqual([
    "s",
  ]);
});

test("a program goes on with a schema that is newer by expand steps: going back one version works", async () => {
  await migrate(database.sql, house(one, two));
  expect(await migrate(database.sql, house(one))).toEqual([]);
  expect(await pendingMigrations(database.sql, house(one))).toEqual([]);
  expect(await migrate(database.sql, house(one, two, { id: 3, name: "three", sql: "select 1" }))).toEqual(["three"]);
});

test("a table of migrations from before contract steps were told is read, and gets their column with the next one", async () => {
  await migrate(database.sql, house(one));
  await database.sql`alter table house.migration drop column contract`;
  expect(await migrate(database.sql, house(one))).toEqual([]);
  expect(await migrate(database.sql, house(one, dropped))).toEqual(["dropped"]);
  expect(migrate(database.sql, house(one))).rejects.toThrow("is newer than this program");
});

describe("behind a long reader", () => {
  /** Reads, and holds its lock until the end of `work`. */
  const whileReading = (work: () => Promise<void>) =>
    database.sql.begin(async (tx) => {
      await tx`select from house.one`;
      await work();
    });
  const isWaiting = async () => {
    const rows = await database.sql`select from pg_locks where not granted and relation = 'house.one'::regclass`;
    return rows.length > 0;
  };

  test("a migration waits without making those wait who come after it, and is done when the reader ends", async () => {
    await migrate(database.sql, house(one));
    let migrating: Promise<string[]> | undefined;
    await whileReading(async () => {
      migrating = migrate(database.sql, house(one, two));
      await waitFor(isWaiting, { what: "the migration to want its lock", everyMs: 5 });
      expect(await database.sql`select n from house.one`).toHaveLength(1);
      await waitFor(isWaiting, { what: "the migration to try again", everyMs: 5 });
    });
    expect(await migrating).toEqual(["two"]);
  });

  test("a migration that never gets its lock says so, and leaves nothing", async () => {
    await migrate(database.sql, house(one));
    await whileReading(async () => {
      const options = { lockTimeoutMs: 20, patienceMs: 100 };
      const error = await migrate(database.sql, house(one, two), options).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(MigrationError);
      expect(String(error)).toContain("others hold locks on it");
    });
    expect(await pendingMigrations(database.sql, house(one, two))).toEqual(["two"]);
  });
});

test("a migration that takes longer than a statement may is let finish", async () => {
  const db = connect({ url: database.url, name: "short", statementTimeoutMs: 50, transactionTimeoutMs: 60 });
  try {
    await migrate(db.sql, house(one, { id: 2, name: "long", sql: "select pg_sleep(0.2)" }));
  } finally {
    await db.close();
  }
});

describe("refusals, each one clear line", () => {
  const refusal = async (...migrations: Migration[]): Promise<string> => {
    const error = await migrate(database.sql, house(...migrations)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MigrationError);
    expect(String(error)).not.toContain("\n");
    return String(error);
  };

  test("a schema newer than the program by a contract step, also behind an expand step", async () => {
    await migrate(database.sql, house(one, dropped));
    expect(await refusal(one)).toContain("newer than this program: it has migration 2 (dropped)");
    expect(pendingMigrations(database.sql, house(one))).rejects.toThrow("is newer than this program");
    await migrate(database.sql, house(one, dropped, { id: 3, name: "added", sql: "select 1" }));
    expect(await refusal(one)).toContain("newer than this program: it has migration 2 (dropped)");
  });

  test("an applied migration that was edited", async () => {
    await migrate(database.sql, house(one));
    expect(await refusal({ ...one, sql: `${one.sql} ` }, two)).toContain("changed after it had been applied");
    expect(await database.sql`select id from house.migration`).toHaveLength(1);
  });

  test("other line ends are no edit", async () => {
    await migrate(database.sql, house({ ...one, sql: "select 1;\nselect 2" }));
    expect(await migrate(database.sql, house({ ...one, sql: "select 1;\r\nselect 2" }))).toEqual([]);
  });

  test("a migration that fails, of which nothing is left", async () => {
    const broken = { ...two, sql: "create table house.half (n int); select no_such_function()" };
    expect(await refusal(one, broken)).toContain("house/2 (two) failed");
    expect(await database.sql`select 1 from pg_tables where tablename = 'half'`).toHaveLength(0);
    expect(await migrate(database.sql, house(one, two))).toEqual(["two"]);
  });

  test("a PostgreSQL that is too old", async () => {
    // What PostgreSQL 16 and older answer to our first message, byte for byte in the parts that count.
    const fields = ["SFATAL", "C42704", 'Munrecognized configuration parameter "transaction_timeout"', ""];
    const body = Buffer.from(fields.map((field) => `${field}\0`).join(""));
    const size = Buffer.alloc(4);
    size.writeUInt32BE(body.length + 4);
    const answer = Buffer.concat([Buffer.from("E"), size, body]);
    using old = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: (socket) => void socket.end(answer) } });
    const db = connect({ url: `postgres://rondo@127.0.0.1:${old.port}/rondo`, name: "old" });
    const error = await migrate(db.sql, house(one)).catch((reason: unknown) => reason);
    await db.close();
    expect(String(error)).toBe("MigrationError: PostgreSQL is too old: Rondo needs PostgreSQL 17 or newer.");
  });

  test("numbers with a gap", async () => {
    expect(await refusal(one, { ...two, id: 3 })).toContain("numbered 1, 2, 3");
  });

  test.each([
    ["nothing listens", () => "postgres://rondo:secret@127.0.0.1:1/rondo", "nothing listens there"],
    ["a wrong password", () => database.url.replace(/:[^:@]+@/, ":secret@"), "the password is wrong"],
    ["no such database", () => `${database.url}_not`, "there is no such database"],
    ["no such host", () => "postgres://rondo:secret@no-such-host.invalid/rondo", "host"],
  ])("a database that cannot be used: %s", async (_, url, reason) => {
    const db = connect({ url: url(), name: "wrong" });
    const error = await migrate(db.sql, house(one)).catch((failure: unknown) => failure);
    await db.close();
    expect(error).toBeInstanceOf(DatabaseStartError);
    expect(String(error)).toContain(reason);
    expect(String(error)).not.toMatch(/secret|\n/);
  });
});
