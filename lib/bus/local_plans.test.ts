/** Everything that runs often reads a few rows by index, however long the log and wherever a group stands. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect, type Database } from "@rondo/db";
import { createTestDatabase, type TestDatabase } from "@rondo/testing";
import { busMigrations } from "./index.ts";
import { moveCursor, readCursor, readHeads, readLog, trimPartition } from "./local/log_queries.ts";
import { readPositions } from "./local/operator_queries.ts";
import {
  claimQueues,
  claimSetAside,
  lastParkedId,
  selectHeldKeys,
  selectNextDue,
  selectParked,
} from "./parked/queries.ts";

const topic = "task-events";
const share = { topic, group: "audit", partition: 1 } as const;
const parkedGroup = { topic, group: "group 7" } as const;
const claim = { claim: "0199d7a4-0000-7000-8000-000000000000", leaseMs: 1, limit: 4 };
const keysOf = (count: number) => new Set(Array.from({ length: count }, (_, index) => `key ${index * 10 + 7}`));

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
    insert into bus.parked_queue (topic, consumer_group, queue, partition, unknown_type, waiting, next_try_at)
    select ${topic}, 'group ' || n % 50, 'key ' || n, n % 3, case when n % 4 = 0 then 'task.moved.v' || n % 100 end, 20,
      now() + (n || ' minutes')::interval
    from generate_series(1, 10000) n`;
  await database.sql`
    insert into bus.parked_event (topic, consumer_group, queue, partition, key, event, tries)
    select ${topic}, 'group ' || n % 50, 'key ' || n % 500, n % 3, 'key ' || n % 500, '{}', 1
    from generate_series(1, 20000) n`;
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
  ["the lag of a group that keeps up", () => readPositions(db.sql, [share]), 80],
  ["whether anything was parked", () => lastParkedId(db.sql), 5],
  ["which keys of a batch are held, when none is", () => selectHeldKeys(db.sql, share, keysOf(100)), 250],
  ["which keys of a batch are held, among many", () => selectHeldKeys(db.sql, parkedGroup, keysOf(100)), 350],
  ["the parked events of a key", () => selectParked(db.sql, parkedGroup, "key 7", 20), 40],
  ["claiming when nothing is due", () => claimQueues(db.sql, parkedGroup, claim), 10],
  [
    "claiming when nothing set aside can be read",
    () => claimSetAside(db.sql, parkedGroup, ["task.moved.v1"], claim),
    10,
  ],
  ["when the next queue is due", () => selectNextDue(db.sql, parkedGroup), 10],
  ["trimming when nothing is old", () => trimPartition(db.sql, topic, 1, new Date(0), 2_000), 200],
])("%s", async (_, run, most) => {
  expect(await pagesOf(run)).toBeLessThanOrEqual(most);
});

test("walking over everything would be noticed", async () => {
  expect(await pagesOf(async () => await db.sql`select count(event) from bus.event`)).toBeGreaterThan(300);
});
