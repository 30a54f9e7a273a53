import { expect, test } from "bun:test";
import { expectNoLeaks, waitFor } from "@rondo/testing";
import { startSite } from "./testing/site.ts";
import { startWriters } from "./testing/writers.ts";

/** Some time without anybody: what is still done then is done all night. */
const restSeconds = 5;

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

  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${rondo.admin}/metrics`)).text();
    const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"))].map(([, value]) =>
      Number(value),
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

  const work = async () => ({
    at: performance.now() / 1_000,
    cpu: await metric("process_cpu_seconds_total"),
    statements: await metric("rondo_db_query_duration_seconds_count"),
  });
  const before = await work();
  const rested = () => performance.now() / 1_000 - before.at > restSeconds;
  await waitFor(rested, { what: "time to pass", deadlineMs: restSeconds * 2_000 });
  const after = await work();
  const perSecond = (name: "cpu" | "statements") => (after[name] - before[name]) / (after.at - before.at);
  // Measured: 0.01 of a core and 12 statements. The bounds leave room for a collection of garbage.
  expect(perSecond("cpu")).toBeLessThan(0.1);
  expect(perSecond("statements")).toBeLessThan(30);
  await site.close();
});
