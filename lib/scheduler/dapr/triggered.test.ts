/** What Dapr brings, in every way in which it may bring it: played by the test, for Dapr itself cannot be told when to err. */
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { connect } from "@rondo/db";
import { createMetrics, currentTraceparent } from "@rondo/telemetry";
import {
  createTestDatabase,
  databaseProxy,
  type FakeClock,
  fakeClock,
  type TestDatabase,
  waitFor,
} from "@rondo/testing";
import { createDaprScheduler, type DaprSchedulerOptions, schedulerMigrations } from "../index.ts";

setDefaultTimeout(30_000);
const appToken = "shown-to-the-app";
let database: TestDatabase;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  database = await createTestDatabase({ schemas: [schedulerMigrations], max: 10 });
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => database.close());

/** A sidecar that takes everything and brings nothing. */
function silentSidecar(asked: { path: string; body: unknown }[] = [], status = 204) {
  const nothing = () => Promise.reject(new Error("not asked for here"));
  return {
    url: "http://127.0.0.1:1",
    secrets: nothing,
    outbound: nothing,
    request: async (path: string, init: { body?: unknown } = {}) => {
      asked.push({ path, body: typeof init.body === "string" ? JSON.parse(init.body) : undefined });
      return new Response(null, { status });
    },
  };
}

function open(options: Partial<DaprSchedulerOptions> = {}) {
  const metrics = createMetrics();
  const backoff = { firstPauseMs: 300, longestPauseMs: 300 };
  const sidecar = silentSidecar();
  const scheduler = createDaprScheduler({ sidecar, db: database.db, metrics, appToken, backoff, ...options });
  ends.push(scheduler.stop);
  const bring = async (name: string, body: unknown, token = appToken) => {
    const headers = { "dapr-api-token": token, "content-type": "application/json" };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return (await scheduler.routes.request(`/job/${name}`, { method: "POST", headers, body: text })).status;
  };
  return { scheduler, bring, metrics };
}

const name = () => `kind:${Bun.randomUUIDv7()}`;
const past = { at: "2020-01-01T00:00:00.000Z", data: {} };
/** What makes Dapr bring it again; never 404, which counts as done. */
const again = 503;

test("what does not come from the sidecar is refused and does nothing", async () => {
  const { scheduler, bring } = open();
  let calls = 0;
  scheduler.handle("kind", async () => {
    calls += 1;
  });
  await scheduler.start();
  expect(await bring(name(), past, "guessed")).toBe(401);
  expect(await bring(name(), past, "")).toBe(401);
  const tokenless = open({ appToken: undefined });
  await tokenless.scheduler.start();
  expect(await tokenless.bring(name(), past, "")).toBe(401);
  expect(calls).toBe(0);
});

test("a job triggered before its time by this process's clock waits a little, or is triggered again", async () => {
  const clock: FakeClock = fakeClock("2026-01-31T08:00:00.000Z");
  const { scheduler, bring } = open({ clock });
  const moments: string[] = [];
  scheduler.handle("kind", async () => void moments.push(clock().toISOString()));
  await scheduler.start();
  const [far, near] = [name(), name()];
  expect(await bring(far, { at: "2026-01-31T08:00:05.000Z", data: {} })).toBe(again);
  const coming = bring(near, { at: "2026-01-31T08:00:00.400Z", data: {} });
  clock.advance(400);
  expect(await coming).toBe(200);
  expect(moments).toEqual(["2026-01-31T08:00:00.400Z"]);
  clock.advance(4_600);
  expect(await bring(far, { at: "2026-01-31T08:00:05.000Z", data: {} })).toBe(200);
});

test("a job triggered twice at once, and once more afterwards, in two processes, runs once", async () => {
  const release = Promise.withResolvers<void>();
  let calls = 0;
  const [one, two] = [open(), open()];
  for (const { scheduler } of [one, two]) {
    scheduler.handle("kind", async () => {
      calls += 1;
      await release.promise;
    });
    await scheduler.start();
  }
  const job = name();
  const first = one.bring(job, past);
  await waitFor(() => calls === 1, { what: "the first to run" });
  expect(await two.bring(job, past)).toBe(again);
  expect(await one.bring(job, past)).toBe(again);
  release.resolve();
  expect(await first).toBe(200);
  expect(await two.bring(job, past)).toBe(200);
  expect(await one.bring(job, past)).toBe(200);
  expect(calls).toBe(1);
  expect(await two.metrics.render()).toContain('rondo_jobs_repeated_total{kind="kind"} 1');
});

test("a job that fails comes again, and is spared until its pause is over", async () => {
  const { scheduler, bring, metrics } = open();
  const calls: number[] = [];
  scheduler.handle("kind", async () => {
    calls.push(performance.now());
    if (calls.length === 1) throw new Error("not yet");
  });
  await scheduler.start();
  const job = name();
  expect(await bring(job, past)).toBe(again);
  expect(await bring(job, past)).toBe(again);
  expect(calls).toHaveLength(1);
  await waitFor(async () => (await bring(job, past)) === 200, { what: "the next try" });
  expect((calls[1] ?? 0) - (calls[0] ?? 0)).toBeGreaterThanOrEqual(300);
  const text = await metrics.render();
  expect(text).toContain('rondo_jobs_runs_total{kind="kind",outcome="failed"} 1');
  expect(text).toContain('rondo_jobs_runs_total{kind="kind",outcome="done"} 1');
  expect(text).toContain('rondo_jobs_lateness_seconds_count{kind="kind"} 1');
});

test("a job of a kind that only another version knows comes again; what nobody can have scheduled does not", async () => {
  const { scheduler, bring } = open();
  let calls = 0;
  scheduler.handle("kind", async () => {
    calls += 1;
  });
  await scheduler.start();
  expect(await bring("newer:1", past)).toBe(again);
  for (const body of ["", "no json", "[]", {}, { at: 7, data: {} }, { at: "now", data: {} }, { at: past.at }]) {
    expect(await bring(name(), body)).toBe(200);
  }
  expect(calls).toBe(0);
});

test("a job runs in the trace that the sidecar began for it", async () => {
  const { scheduler } = open();
  let seen: string | undefined;
  scheduler.handle("kind", async () => {
    seen = currentTraceparent();
  });
  await scheduler.start();
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const headers = { "dapr-api-token": appToken, traceparent };
  const init = { method: "POST", headers, body: JSON.stringify(past) };
  expect((await scheduler.routes.request(`/job/${name()}`, init)).status).toBe(200);
  expect(seen?.split("-")[1]).toBe("4bf92f3577b34da6a3ce929d0e0e4736");
});

test("before the start and after the stop jobs are sent back", async () => {
  const { scheduler, bring } = open();
  let calls = 0;
  scheduler.handle("kind", async () => {
    calls += 1;
  });
  expect(await bring(name(), past)).toBe(again);
  await scheduler.start();
  expect(await bring(name(), past)).toBe(200);
  await scheduler.stop();
  expect(await bring(name(), past)).toBe(again);
  expect(calls).toBe(1);
});

test("while the database is away jobs are sent back", async () => {
  const proxy = await databaseProxy(database.url);
  const db = connect({ url: proxy.url, name: "cut off", max: 2, statementTimeoutMs: 500 });
  ends.push(proxy.close, db.close);
  const { scheduler, bring } = open({ db });
  scheduler.handle("kind", async () => undefined);
  await scheduler.start();
  proxy.cut();
  expect(await bring(name(), past)).toBe(again);
  await proxy.heal();
  await waitFor(async () => (await bring(name(), past)) === 200, { what: "the database to be back" });
});

test("a call for work that comes back is answered at once; calls during and soon after a turn are for nothing", async () => {
  const { scheduler, bring } = open();
  const release = Promise.withResolvers<void>();
  let turns = 0;
  const chore = `chore-${Bun.randomUUIDv7()}`;
  scheduler.every(chore, 3_600_000, async () => {
    turns += 1;
    await release.promise;
  });
  await scheduler.start();
  expect(await bring(`every:${chore}`, {})).toBe(200);
  await waitFor(() => turns === 1, { what: "the turn" });
  expect(await bring(`every:${chore}`, {})).toBe(200);
  release.resolve();
  const settled = () => database.sql`select from scheduler.run where name = ${`every:${chore}`} and holder is null`;
  await waitFor(async () => (await settled()).length === 1, { what: "the end of the turn" });
  expect(await bring(`every:${chore}`, {})).toBe(200);
  expect(await bring("every:forgotten", {})).toBe(200);
  await scheduler.stop();
  expect(turns).toBe(1);
});

test("what is asked of Dapr: the moment travels in the data, names are replaced, and no retry is the last", async () => {
  const asked: { path: string; body: unknown }[] = [];
  const { scheduler } = open({ sidecar: silentSidecar(asked), clock: fakeClock("2026-01-31T08:00:00.000Z") });
  scheduler.every("chore", 90_000, async () => undefined);
  await scheduler.schedule({ name: "kind:a-1", at: "2026-02-01T09:00:00.5+01:00", data: { n: 1 } });
  await scheduler.cancel("kind:a-1");
  await scheduler.start();
  await waitFor(() => asked.length === 4, { what: "the calls for work that comes back" });
  const failurePolicy = { constant: { interval: "1s" } };
  const at = "2026-02-01T08:00:00.500Z";
  const due = { dueTime: "2026-01-31T08:00:00.000Z", data: {}, overwrite: true, failurePolicy };
  expect(asked).toEqual([
    {
      path: "/v1.0-alpha1/jobs/kind%3Aa-1",
      body: { dueTime: at, data: { at, data: { n: 1 } }, overwrite: true, failurePolicy },
    },
    { path: "/v1.0-alpha1/jobs/kind%3Aa-1", body: undefined },
    { path: "/v1.0-alpha1/jobs/every%3Ascheduler-trim", body: { schedule: "@every 3600s", ...due } },
    { path: "/v1.0-alpha1/jobs/every%3Achore", body: { schedule: "@every 90s", ...due } },
  ]);
});

test("a refusal of Dapr is told", async () => {
  const { scheduler } = open({ sidecar: silentSidecar([], 500) });
  const job = { name: "kind:1", at: past.at, data: {} };
  await expect(scheduler.schedule(job)).rejects.toThrow(
    "the job kind:1 could not be scheduled: the sidecar answers 500",
  );
  await expect(scheduler.cancel("kind:1")).rejects.toThrow("could not be cancelled: the sidecar answers 500");
});
