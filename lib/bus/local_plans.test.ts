/** Everything that runs often reads a few rows by index, however long the log and wherever a group stands. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect, type Database } from "@rondo/db";
import { createTestDatabase, type TestDatabase } from "@rondo/testing";
import { busMigrations } from "./index.ts";
import { lastParkedId, readHeldKeys, readParked } from "./local/failure_queries.ts";
import { countUnconsumed, moveCursor, readCursor, readHeads, readLog, trimPartition } from "./local/log_queries.ts";

const topic = "task-events";
const share = { topic, group: "audit", partition: 1 } as const;
const partitions = [0, 1, 2];

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase({ schemas: [busMigrations] });
  await database.sql`
    insert into bus.event (topic, partition, id, key, event)
    select case when n % 2 = 0 then ${topic} else 'task-updates' end, n % 3, n, 'k', '{}' from generate_series(1, 60000) n`;
  await database.sql`insert into bus.head select topic, partition, max(id) from bus.event group by topic, partition`;
  await database.sql`insert into bus.cursor select ${topic}, g, p, 59900
    from unnest(array['audit', 'b', 'c']) g, generate_series(0, 2) p`;
  await database.sql`
    insert into bus.parked (topic, consumer_group, partition, key, event, tries)
    select ${topic}, 'group ' || n % 50, n % 3, 'key ' || n % 500, '{}', 1 from generate_series(1, 10000) n`;
  await database.sql`analyze`;
  db = connect({ url: database.url, name: "plans", max: 1 });
});
afterAll(async () => {
  await db.close();
  await database.close();
});

/** Pages of PostgreSQL's cache that a statement touches, by its own account. */
async function pagesOf(run: () => Promise<unknown>): Promise<number> {
  const touched = async () => {
    await db.sql`select pg_stat_force_next_flush()`;
    const [row] = await db.sql<{ pages: number }[]>`
      select sum(heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read) as pages
      from pg_statio_user_tables where schemaname = 'bus'`;
    return Number(row?.pages);
  };
  await run();
  const before = await touched();
  await run();
  return (await touched()) - before;
}

test.each([
  ["the next batch of a partition", () => readLog(db.sql, topic, 1, 30_000, 100), 40],
  ["nothing new in a partition", () => readLog(db.sql, topic, 1, 60_000, 100), 10],
  ["the ends of all partitions", () => readHeads(db.sql, [topic, "task-updates"]), 5],
  ["a group's cursor", () => readCursor(db.sql, share), 20],
  ["moving a cursor that another has moved", () => moveCursor(db.sql, share, 1, 2), 10],
  ["the lag of a group that keeps up", () => countUnconsumed(db.sql, topic, "audit", partitions), 60],
  ["whether anything was parked", () => lastParkedId(db.sql), 5],
  ["the held keys of a group without any", () => readHeldKeys(db.sql, share), 10],
  ["the parked events of a key", () => readParked(db.sql, { ...share, group: "group 7" }, "key 7", 20), 40],
  ["trimming when nothing is old", () => trimPartition(db.sql, topic, 1, new Date(0), 2_000), 200],
])("%s", async (_, run, most) => {
  expect(await pagesOf(run)).toBeLessThanOrEqual(most);
});

test("walking over everything would be noticed", async () => {
  expect(await pagesOf(async () => await db.sql`select count(event) from bus.event`)).toBeGreaterThan(300);
});
