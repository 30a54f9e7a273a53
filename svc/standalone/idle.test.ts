import { expect, test } from "bun:test";
import { expectNoLeaks, waitFor } from "@rondo/testing";
import { startSite } from "./testing/site.ts";
import { startWriters } from "./testing/writers.ts";

/** Some time without anybody: what is still done then is done all night. */
const restSeconds = 10;

test("after work and with its streams closed, Rondo holds its pools and nothing else, and hardly does anything", async () => {
  const site = await startSite();
  const { rondo, ada, database } = site;
  const headers = { authorization: `Bearer ${ada.token}` };
  const streams = await Promise.all(
    Array.from({ length: 20 }, () => fetch(`${rondo.origin}/sync/events`, { headers })),
  );
  const writers = startWriters(rondo.origin, ada, 8);
  await waitFor(() => writers.written.acknowledged.size >= 200, { what: "200 tasks" });
  await writers.stop();
  for (const stream of streams) await stream.body?.cancel();

  const scrape = async () => (await fetch(`${rondo.admin}/metrics`)).text();
  const metric = async (name: string, text?: string): Promise<number> => {
    const values = [...(text ?? (await scrape())).matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"))].map(
      ([, value]) => Number(value),
    );
    if (values.length === 0) throw new Error(`there is no ${name}`);
    return values.reduce((sum, value) => sum + value, 0);
  };
  const busy = async () => {
    const rows = await database.sql<{ application_name: string }[]>`
      select application_name from pg_stat_activity
      where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`;
    return rows.length;
  };
  const waiting = () => metric("rondo_outbox_depth");
  await expectNoLeaks({ streams: () => metric("rondo_sync_streams"), events: waiting, statements: busy }, 15_000);

  const connections = await database.sql<{ name: string; count: number }[]>`
    select application_name as name, count(*)::integer as count from pg_stat_activity
    where datname = current_database() and application_name not like 'test%' group by 1 order by 1`;
  expect(connections.map(({ name }) => name)).toEqual(["rondo", "rondo identity", "rondo-background"]);
  expect(Math.max(...connections.map(({ count }) => count))).toBeLessThanOrEqual(20);

  const work = async () => {
    const text = await scrape();
    return {
      at: performance.now() / 1_000,
      cpu: await metric("process_cpu_seconds_total", text),
      statements: await metric("rondo_db_query_duration_seconds_count", text),
    };
  };
  /** What is done in a second, over some seconds. Heartbeats go over connections of their own, each every 2 s. */
  const rest = async () => {
    // Looking asks PostgreSQL too: what one look costs is not counted.
    const first = await work();
    const before = await work();
    const rested = () => performance.now() / 1_000 - before.at > restSeconds;
    await waitFor(rested, { what: "time to pass", deadlineMs: restSeconds * 2_000 });
    const after = await work();
    const seconds = after.at - before.at;
    const [locks] = await database.sql<{ held: number }[]>`
      select count(*)::integer as held from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and datname = current_database()`;
    const heartbeats = (locks?.held ?? 0) / 2;
    return {
      cpu: (after.cpu - before.cpu) / seconds,
      statements: (after.statements - 2 * before.statements + first.statements) / seconds + heartbeats,
    };
  };
  // Loops that found something a moment ago look more often for a while.
  const idle = async () => (await rest()).statements <= 2;
  await waitFor(idle, { what: "2 statements a second at most", deadlineMs: 120_000 });
  // Measured: 0.01 of a core. The bound leaves room for a collection of garbage.
  expect((await rest()).cpu).toBeLessThan(0.1);
  await site.close();
});
