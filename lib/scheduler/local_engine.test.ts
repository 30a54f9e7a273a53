/** What only the engine in PostgreSQL has to promise: how it sleeps, what it costs, what it keeps. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { connect } from "@rondo/db";
import { createMetrics } from "@rondo/telemetry";
import { createTestDatabase, databaseProxy, fakeClock, type TestDatabase, waitFor } from "@rondo/testing";
import { createLocalScheduler, type LocalSchedulerOptions, schedulerMigrations } from "./index.ts";
import { trimOldRuns } from "./run_memory.ts";

setDefaultTimeout(30_000);
let database: TestDatabase;
let ends: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  database = await createTestDatabase({ schemas: [schedulerMigrations], max: 8 });
});
afterEach(async () => {
  for (const end of ends.toReversed()) await end();
  ends = [];
  await database.close();
});

function open(options: Partial<LocalSchedulerOptions> = {}) {
  const scheduler = createLocalScheduler({ db: database.db, metrics: createMetrics(), ...options });
  ends.push(scheduler.stop);
  return scheduler;
}

const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

test("what this process schedules is heard at once, and a timer rings at its moment, however rarely it looks", async () => {
  const scheduler = open({ pollMs: 3_600_000 });
  const calls: number[] = [];
  scheduler.handle("kind", async ({ at }) => void calls.push(Date.now() - Date.parse(at)));
  await scheduler.start();
  await scheduler.schedule({ name: "kind:now", at: soon(0), data: {} });
  await waitFor(() => calls.length === 1, { what: "the job of now" });
  await scheduler.schedule({ name: "kind:later", at: soon(400), data: {} });
  await waitFor(() => calls.length === 2, { what: "the job of later" });
  expect(Math.min(...calls)).toBeGreaterThanOrEqual(0);
});

test("it sleeps: with nothing to do one small query for each look, and none for what comes back in an hour", async () => {
  const metrics = createMetrics();
  const db = connect({ url: database.url, name: "sleeper", max: 2, metrics });
  ends.push(db.close);
  const scheduler = open({ db, pollMs: 200 });
  scheduler.handle("kind", async () => undefined);
  scheduler.every("chore", 3_600_000, async () => undefined);
  await scheduler.start();
  const queries = async () => Number(/query_duration_seconds_count (\d+)/.exec(await metrics.render())?.[1]);
  const settled = () => database.sql`select from scheduler.run where holder is null`;
  await waitFor(async () => (await settled()).length === 2, { what: "the first turns" });
  const [before, begun] = [await queries(), Date.now()];
  await waitFor(() => Date.now() - begun >= 1_500, { what: "a while" });
  expect((await queries()) - before).toBeLessThanOrEqual(10);
});

test("a moment beyond what a timer can wait for does not ring at once", async () => {
  const clock = fakeClock();
  const scheduler = open({ clock, pollMs: 20 });
  const calls: string[] = [];
  scheduler.handle("kind", async ({ name }) => void calls.push(name));
  await scheduler.start();
  const now = clock().getTime();
  await scheduler.schedule({ name: "kind:far", at: new Date(now + 2 ** 31).toISOString(), data: {} });
  await scheduler.schedule({ name: "kind:near", at: new Date(now + 1).toISOString(), data: {} });
  clock.advance(1);
  await waitFor(() => calls.length > 0, { what: "the near one" });
  clock.advance(2 ** 31 - 2);
  await scheduler.schedule({ name: "kind:mark", at: clock().toISOString(), data: {} });
  await waitFor(() => calls.includes("kind:mark"), { what: "the mark" });
  expect(calls).toEqual(["kind:near", "kind:mark"]);
  clock.advance(1);
  await waitFor(() => calls.length === 3, { what: "the far one" });
});

test("a process that is cut off tells its jobs that it is over before another process takes them", async () => {
  const proxy = await databaseProxy(database.url);
  const db = connect({ url: proxy.url, name: "cut off", max: 3, statementTimeoutMs: 500 });
  ends.push(proxy.close, db.close);
  const order: string[] = [];
  const first = open({ db });
  first.handle("kind", async (_, over) => {
    order.push("first");
    await new Promise<void>((resolve) => over.addEventListener("abort", () => resolve()));
    order.push("over");
    throw new Error("given up");
  });
  await first.start();
  await first.schedule({ name: "kind:a", at: soon(0), data: {} });
  await waitFor(() => order.length === 1, { what: "the job to begin" });
  const second = open({ pollMs: 50 });
  second.handle("kind", async () => void order.push("second"));
  await second.start();
  proxy.freeze();
  await waitFor(() => order.includes("second"), { what: "the second process" });
  expect(order).toEqual(["first", "over", "second"]);
  await proxy.heal();
});

test("what was done while the database was away is kept when it is back, and not done again", async () => {
  const proxy = await databaseProxy(database.url);
  const db = connect({ url: proxy.url, name: "cut off", max: 3, statementTimeoutMs: 500 });
  ends.push(proxy.close, db.close);
  const release = Promise.withResolvers<void>();
  let calls = 0;
  const scheduler = open({ db, pollMs: 50 });
  scheduler.handle("kind", async () => {
    calls += 1;
    await release.promise;
  });
  await scheduler.start();
  await scheduler.schedule({ name: "kind:a", at: soon(0), data: {} });
  await waitFor(() => calls === 1, { what: "the job to begin" });
  proxy.cut();
  release.resolve();
  await expect(db.sql`select 1`).rejects.toThrow();
  await proxy.heal();
  const isDone = () => database.sql`select from scheduler.run where name = 'kind:a' and done`;
  await waitFor(async () => (await isDone()).length === 1, { what: "what was done to be kept" });
  await waitFor(async () => (await database.sql`select from scheduler.job`).length === 0, {
    what: "the job to be put away",
  });
  expect(calls).toBe(1);
});

test("what is done is remembered for a week and then forgotten; what waits is not", async () => {
  const scheduler = open();
  scheduler.handle("kind", async () => undefined);
  await scheduler.start();
  for (const what of ["old", "new"]) await scheduler.schedule({ name: `kind:${what}`, at: soon(0), data: {} });
  const done = () => database.sql`select from scheduler.run where done`;
  await waitFor(async () => (await done()).length === 2, { what: "both jobs" });
  await scheduler.stop();
  await database.sql`update scheduler.run set next_at = next_at - interval '8 days' where name = 'kind:old'`;
  expect(await trimOldRuns(database.sql)).toBe(1);
  const left = await database.sql<{ name: string }[]>`select name from scheduler.run where name like 'kind:%'`;
  expect(left.map((row) => row.name)).toEqual(["kind:new"]);
  const everies = await database.sql<{ name: string }[]>`select name from scheduler.run where name like 'every:%'`;
  expect(everies.map((row) => row.name)).toEqual(["every:scheduler-trim"]);
});

test("a period that was made shorter holds from the next start on, and a restart alone begins no turn", async () => {
  let turns = 0;
  const start = async (everyMs: number) => {
    const scheduler = open();
    scheduler.every("chore", everyMs, async () => {
      turns += 1;
    });
    await scheduler.start();
    return scheduler;
  };
  const settled = () => database.sql`select from scheduler.run where name = 'every:chore' and holder is null`;
  const first = await start(86_400_000);
  await waitFor(async () => turns === 1 && (await settled()).length === 1, { what: "the first turn" });
  await first.stop();
  const same = await start(86_400_000);
  const [waiting] = await database.sql<{ hours: number }[]>`
    select extract(epoch from next_at - clock_timestamp())::float8 / 3600 as hours from scheduler.run where name = 'every:chore'`;
  expect(waiting?.hours).toBeGreaterThan(23.9);
  await same.stop();
  expect(turns).toBe(1);
  await start(3_600_000);
  await waitFor(() => turns === 2, { what: "a turn of the shorter period" });
});

test("looking and taking walk along the index, however many jobs wait", async () => {
  await database.sql`
    insert into scheduler.job (name, kind, at, data, next_at)
    select 'kind:' || n, 'kind', at, '{}', at from generate_series(1, 20000) as n, lateral (select now() + n * interval '1 second' as at) as moment`;
  await database.sql`vacuum analyze scheduler.job`;
  const plan = JSON.stringify(
    await database.sql.unsafe(`
      explain (analyze, buffers, format json) select min(first.next_at) from unnest(array['kind', 'other']) as k (kind)
      cross join lateral (select next_at from scheduler.job j where j.kind = k.kind order by next_at limit 1) as first`),
  );
  expect(plan).toContain("job_next");
  expect(plan).not.toContain("Seq Scan");
});
