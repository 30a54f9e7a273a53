import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { connect, type Database } from "@rondo/db";
import { createTestDatabase, type DatabaseProxy, databaseProxy, type TestDatabase, waitFor } from "@rondo/testing";
import { holdLeaderLock, type LeaderLock } from "./leader_lock.ts";
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

interface Candidate {
  readonly lock: LeaderLock;
  readonly db: Database;
  readonly wire: DatabaseProxy;
  readonly errors: unknown[];
  /** `performance.now()` of each time it became and ceased to be the leader. */
  readonly began: number[];
  readonly ended: number[];
}

async function candidate(name: string, work?: (over: AbortSignal) => Promise<void>): Promise<Candidate> {
  const wire = await databaseProxy(database.url);
  const db = connect({ url: wire.url, name: "holder", max: 2, statementTimeoutMs: 1_000 });
  const [began, ended, errors]: [number[], number[], unknown[]] = [[], [], []];
  const lock = holdLeaderLock({
    db,
    name,
    work: async (over) => {
      began.push(performance.now());
      await (work ?? untilAborted)(over);
      ended.push(performance.now());
    },
    onError: (error) => errors.push(error),
  });
  closers.push(wire.close, db.close, lock.stop);
  return { lock, db, wire, errors, began, ended };
}

const leads = (one: Candidate) => waitFor(() => one.began.length > one.ended.length, { what: "a leader" });

test("one process leads a name, another process another name, and the next one leads soon after a release", async () => {
  const first = await candidate("a");
  await leads(first);
  const [second, other] = [await candidate("a"), await candidate("b")];
  await leads(other);
  expect(second.began).toEqual([]);
  await first.lock.stop();
  expect(first.ended).toHaveLength(1);
  await leads(second);
  expect(first.errors).toEqual([]);
});

test.each(["cut", "freeze"] as const)(
  "a leader whose connection is lost (%s) stops first and is replaced within 10 s",
  async (how) => {
    const first = await candidate("a");
    await leads(first);
    const second = await candidate("a");
    const lostAt = performance.now();
    first.wire[how]();
    await leads(second);
    const [ended = Number.POSITIVE_INFINITY] = first.ended;
    const [began = 0] = second.began;
    expect(began - lostAt).toBeLessThan(10_000);
    expect(ended).toBeLessThan(began);
    await first.wire.heal();
    await waitFor(() => first.errors.length > 0, { what: "the report of the loss" });
  },
);

test("a leader whose session the server ends leads again", async () => {
  const only = await candidate("a");
  await leads(only);
  await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = ${database.name} and application_name = 'holder'`;
  await waitFor(() => only.began.length === 2, { what: "the second term" });
  expect(only.ended).toHaveLength(1);
});

test("work that fails releases the lock, is reported, and begins anew", async () => {
  let failures = 1;
  const failing = await candidate("a", async (over) => {
    failures -= 1;
    if (failures >= 0) throw new Error("clumsy");
    await untilAborted(over);
  });
  await waitFor(() => failing.began.length === 2, { what: "the second try" });
  expect(failing.errors).toEqual([new Error("clumsy")]);
});

test("a leader keeps no snapshot and no transaction id, which would keep dead rows alive", async () => {
  const only = await candidate("a");
  await leads(only);
  const quiet = async () => {
    const rows = await database.sql`
      select backend_xmin, backend_xid from pg_stat_activity where application_name = 'holder' and state like 'idle in %'`;
    return rows.length === 1 && rows[0]?.backend_xmin === null && rows[0]?.backend_xid === null;
  };
  await waitFor(quiet, { what: "an idle transaction without a snapshot" });
});

test("stop works before the lock is taken, and while the database is away", async () => {
  const early = await candidate("a");
  await early.lock.stop();
  const away = await candidate("b");
  await leads(away);
  away.wire.cut();
  await waitFor(() => away.errors.length > 0, { what: "the loss" });
  await away.lock.stop();
  expect(away.ended).toHaveLength(1);
});
