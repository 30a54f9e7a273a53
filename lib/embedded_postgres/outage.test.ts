import { afterEach, beforeEach, expect, test } from "bun:test";
import { connect, type Database, mapDatabaseError } from "@rondo/db";
import { temporaryFolder, waitFor } from "@rondo/testing";
import { serverAccount } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import { ensureCluster, placeIn, prepareFolder } from "./cluster.ts";
import { type Launch, launch, type Server, shutDown } from "./postmaster.ts";
import { settingsFor } from "./settings.ts";

/** A server without anybody who would start it again. */
let options: Launch;
let server: Server;
let db: Database;

beforeEach(async () => {
  const dataDir = temporaryFolder("outage");
  const place = placeIn(dataDir);
  const account = serverAccount(place.folder);
  prepareFolder(dataDir, account);
  const binaries = await findBinaries(dataDir, account);
  await ensureCluster(place, binaries, account, false);
  options = { place, binaries, account, settings: settingsFor(binaries.folder, {}) };
  server = await started();
  const password = await Bun.file(place.passwordFile).text();
  const url = `postgres://rondo_admin:${password}@127.0.0.1:${server.port}/postgres`;
  db = connect({ url, name: "outage", max: 4, statementTimeoutMs: 500, connectTimeoutMs: 500 });
  await db.ready();
});

afterEach(async () => {
  await db.close();
  await shutDown(options.place, server, 100);
});

async function started(port?: number): Promise<Server> {
  const next = await launch(options, port);
  if (next === undefined) throw new Error("another server has the cluster");
  return next;
}

/** Every kind of failure within 500 + 1,000 ms and some room for a busy machine. */
const deadlineMs = 2_500;

async function settle(work: Promise<unknown>[]): Promise<{ kinds: Set<string>; tookMs: number }> {
  const began = performance.now();
  const outcomes = await Promise.allSettled(work);
  const kinds = outcomes.map((outcome) =>
    outcome.status === "fulfilled" ? "answered" : (mapDatabaseError(outcome.reason)?.kind ?? String(outcome.reason)),
  );
  return { kinds: new Set(kinds), tookMs: performance.now() - began };
}

test("a killed server is `unavailable` within the deadline, and serves again within 5 s of its return", async () => {
  const underWay = settle([
    ...Array.from({ length: 10 }, () => db.sql`select pg_sleep(0.3)`),
    db.transaction((tx) => tx`select pg_sleep(0.3)`),
  ]);
  await waitFor(() => db.stats().in_use === 4, { what: "queries under way" });
  process.kill(server.pid, "SIGKILL");
  expect([...(await underWay).kinds]).toEqual(["unavailable"]);

  const away = await settle([
    ...Array.from({ length: 50 }, () => db.sql`select 1`),
    ...Array.from({ length: 10 }, () => db.transaction((tx) => tx`select 1`)),
    db.ready(),
  ]);
  expect([...away.kinds]).toEqual(["unavailable"]);
  expect(away.tookMs).toBeLessThan(deadlineMs);

  await settle([db.sql`select 1`]);
  const crowd = await settle(Array.from({ length: 500 }, () => db.sql`select 1`));
  expect([...crowd.kinds]).toEqual(["unavailable"]);
  expect(crowd.tookMs).toBeLessThan(700); // One of them looks whether the server is back, and may wait 500 ms for that.

  server = await started(server.port);
  const back = performance.now();
  const burst = async (): Promise<boolean> => {
    const { kinds } = await settle(Array.from({ length: 50 }, () => db.sql`select 1`));
    return kinds.size === 1 && kinds.has("answered");
  };
  await waitFor(burst, { what: "every connection of the pool to serve again" });
  expect(performance.now() - back).toBeLessThan(5_000);
});

test("a server that hangs is `unavailable` within the deadline, and serves again when it goes on", async () => {
  const backends = await db.sql<
    { pid: number }[]
  >`select pid from pg_stat_activity where backend_type = 'client backend'`;
  const frozen = [server.pid, ...backends.map(({ pid }) => pid)];
  for (const pid of frozen) process.kill(pid, "SIGSTOP");
  try {
    const hung = await settle([
      ...Array.from({ length: 20 }, () => db.sql`select 1`),
      ...Array.from({ length: 3 }, () => db.transaction((tx) => tx`select 1`)),
    ]);
    expect([...hung.kinds]).toEqual(["unavailable"]);
    expect(hung.tookMs).toBeLessThan(deadlineMs);
  } finally {
    for (const pid of frozen) process.kill(pid, "SIGCONT");
  }
  await waitFor(() => db.ready().then(() => true), { what: "the pool to serve again" });
});

test("a clean restart of the server is survived like a crash", async () => {
  await shutDown(options.place, server);
  const away = await settle([db.sql`select 1`, db.ready()]);
  expect([...away.kinds]).toEqual(["unavailable"]);
  server = await started(server.port);
  await waitFor(() => db.ready().then(() => true), { what: "the pool to serve again" });
});
