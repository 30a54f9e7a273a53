import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { connect, type Database } from "@rondo/db";
import { createTestDatabase, type TestDatabase, waitFor } from "@rondo/testing";
import { type Hold, keepHold } from "./hold.ts";
import { type DatabaseProxy, databaseProxy } from "./testing.ts";
import { untilAborted } from "./wait.ts";

setDefaultTimeout(40_000);

let database: TestDatabase;
let closers: (() => Promise<unknown>)[];
beforeEach(async () => {
  database = await createTestDatabase();
  closers = [];
});
afterEach(async () => {
  for (const close of closers.toReversed()) await close();
  await database.close();
});

interface Holder {
  readonly hold: Hold;
  readonly db: Database;
  readonly wire: DatabaseProxy;
  readonly errors: unknown[];
  /** `performance.now()` of each time it began and ended to hold. */
  readonly began: number[];
  readonly ended: number[];
}

async function holder(name: string, work?: (over: AbortSignal) => Promise<void>): Promise<Holder> {
  const wire = await databaseProxy(database.url);
  const db = connect({ url: wire.url, name: "holder", max: 2, statementTimeoutMs: 1_000 });
  const [began, ended, errors]: [number[], number[], unknown[]] = [[], [], []];
  const hold = keepHold({
    db,
    name,
    work: async (over) => {
      began.push(performance.now());
      await (work ?? untilAborted)(over);
      ended.push(performance.now());
    },
    onError: (error) => errors.push(error),
  });
  closers.push(wire.close, db.close, hold.stop);
  return { hold, db, wire, errors, began, ended };
}

const holds = (one: Holder) => waitFor(() => one.began.length > one.ended.length, { what: "a holder" });

test("one process holds a name, another another, and the next one has it soon after it was given back", async () => {
  const first = await holder("a");
  await holds(first);
  const [second, other] = [await holder("a"), await holder("b")];
  await holds(other);
  expect(second.began).toEqual([]);
  await first.hold.stop();
  expect(first.ended).toHaveLength(1);
  await holds(second);
  expect(first.errors).toEqual([]);
});

test.each(["cut", "freeze"] as const)(
  "a holder whose wire is lost (%s) is told, and replaced within 10 s, not before",
  async (how) => {
    const first = await holder("a");
    await holds(first);
    const second = await holder("a");
    const lostAt = performance.now();
    first.wire[how]();
    await holds(second);
    const [ended = Number.POSITIVE_INFINITY] = first.ended;
    const [began = 0] = second.began;
    expect(began - lostAt).toBeLessThan(10_000);
    expect(ended).toBeLessThan(began);
    await first.wire.heal();
    await waitFor(() => first.errors.length > 0, { what: "the report of the loss" });
  },
);

test("a holder whose session the server ends takes its place again", async () => {
  const only = await holder("a");
  await holds(only);
  await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = ${database.name} and application_name = 'holder'`;
  await waitFor(() => only.began.length === 2, { what: "the second hold" });
  expect(only.ended).toHaveLength(1);
});

test("work that fails gives the hold back, is reported, and begins anew", async () => {
  let failures = 1;
  const failing = await holder("a", async (over) => {
    failures -= 1;
    if (failures >= 0) throw new Error("clumsy");
    await untilAborted(over);
  });
  await waitFor(() => failing.began.length === 2, { what: "the second try" });
  expect(failing.errors).toEqual([new Error("clumsy")]);
});

test("a holder keeps no snapshot and no transaction id, which would keep dead rows alive", async () => {
  const only = await holder("a");
  await holds(only);
  const quiet = async () => {
    const rows = await database.sql`
      select backend_xmin, backend_xid from pg_stat_activity where application_name = 'holder' and state like 'idle in %'`;
    return rows.length === 1 && rows[0]?.backend_xmin === null && rows[0]?.backend_xid === null;
  };
  await waitFor(quiet, { what: "an idle transaction without a snapshot" });
});

test("stop works before anything is held, and while the database is away", async () => {
  const early = await holder("a");
  await early.hold.stop();
  const away = await holder("b");
  await holds(away);
  away.wire.cut();
  await waitFor(() => away.errors.length > 0, { what: "the loss" });
  await away.hold.stop();
  expect(away.ended).toHaveLength(1);
});
