/** The log of the engine in PostgreSQL: in whose order it is read, how long it is kept, who may move a cursor. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { taskEvent } from "@rondo/event/testing";
import { createMetrics } from "@rondo/telemetry";
import { newId, waitFor } from "@rondo/testing";
import { settleBatch } from "./local/dead_letter_queries.ts";
import { appendToLog, moveCursor, readCursor, readLog } from "./local/log_queries.ts";
import { trimLog } from "./local/trimmer.ts";
import { consume, database, events, freshDatabases, group, neighbours, open, topic } from "./local.fixture.ts";
import { partitionOf } from "./partition.ts";
import { done } from "./port.ts";

setDefaultTimeout(30_000);
freshDatabases();

test("a publisher that commits late is waited for: no reader sees a later event of the topic first", async () => {
  const { bus, deliveries } = await consume(() => done);
  const [slow, fast] = neighbours();
  const text = JSON.stringify(taskEvent("task.created.v1", { workspace_id: slow }));
  const row = { partition: partitionOf(slow), key: slow, text };
  let publishing: Promise<unknown> | undefined;
  await database().db.transaction(async (tx) => {
    await appendToLog(tx, topic, [row]);
    publishing = bus.publish(topic, events(fast, 1));
    const waits = () => database().sql`select 1 from pg_locks where not granted`;
    await waitFor(async () => (await waits()).length > 0, { what: "the other publisher to wait" });
    expect(deliveries).toEqual([]);
  });
  await publishing;
  await waitFor(() => deliveries.length === 2, { what: "both events" });
  expect(deliveries.map(({ key }) => key)).toEqual([slow, fast]);
});

test("a process that lost its group settles nothing any more", async () => {
  const share = { topic, group, partition: 0 } as const;
  const { sql } = database();
  expect(await readCursor(sql, share)).toBe(0);
  expect(await moveCursor(sql, share, 0, 10)).toBe(true);
  expect(await moveCursor(sql, share, 0, 20)).toBe(false);
  const event = { key: "k", partition: 0, event: "{}", tries: 1, reason: "r" };
  const parked = [{ ...event, queue: "key k", unknown_type: null, pause_ms: 0 }];
  const dead = [{ ...event, first_failed_at: null }];
  expect(await settleBatch(sql, share, { from: 0, to: 20 }, { parked, dead })).toBe(false);
  expect(await readCursor(sql, share)).toBe(10);
  const [left] =
    await sql`select (select count(*) from bus.parked_queue) + (select count(*) from bus.parked_event) + (select count(*) from bus.dead_letter) as left`;
  expect(left).toEqual({ left: 0 });
});

test("events are kept as long as they should and no longer, and a group that was behind goes on with the rest", async () => {
  const publisher = open();
  const key = newId();
  await publisher.publish(topic, events(key, 5));
  await database().sql`update bus.event set published_at = published_at - interval '8 days' where id <= 3`;
  const dayMs = 86_400_000;
  expect(await trimLog(database().sql, 9 * dayMs)).toBe(0);
  expect(await trimLog(database().sql, 7 * dayMs)).toBe(3);
  const { deliveries } = await consume(() => done);
  await waitFor(() => deliveries.length === 2, { what: "the events that are left" });
});

test("what a group has not read is kept however old it is, and the metrics say how far behind the group is", async () => {
  const key = newId();
  const metrics = createMetrics();
  const { bus } = await consume(() => done, { metrics });
  await bus.publish(topic, events(key, 5));
  await waitFor(async () => (await bus.lag(topic, group)) === 0, { what: "the group to have read" });
  await bus.stop();
  await open().publish(topic, events(key, 5));
  await database().sql`update bus.event set published_at = published_at - interval '8 days'`;
  const text = await metrics.render();
  const [, seconds] = /rondo_bus_behind_seconds\{[^}]*\} (\d+)/.exec(text) ?? [];
  expect(Number(seconds)).toBeGreaterThanOrEqual(8 * 86_400);
  expect(await trimLog(database().sql, 7 * 86_400_000)).toBe(5);
  const { deliveries } = await consume(() => done);
  await waitFor(() => deliveries.length === 5, { what: "the events that were not read" });
});

test("a long backlog of old events is trimmed in pieces", async () => {
  await database().sql`
    insert into bus.event (topic, partition, id, key, event, published_at)
    select ${topic}, 1, n, 'k', '{}', now() - interval '8 days' from generate_series(1, 4500) n`;
  expect(await trimLog(database().sql, 7 * 86_400_000)).toBe(4_500);
});

test("large events come in smaller batches", async () => {
  const key = newId();
  const noise = () => Buffer.from(crypto.getRandomValues(new Uint8Array(30_000))).toString("base64");
  const large = Array.from({ length: 40 }, () =>
    taskEvent("task.updated.v1", { workspace_id: key, task: { notes: noise() } }),
  );
  await open().publish(topic, large);
  const first = await readLog(database().sql, topic, partitionOf(key), 0, 100);
  expect(first.length).toBeLessThan(35);
  const { deliveries } = await consume(() => done);
  await waitFor(() => deliveries.length === 40, { what: "all of them" });
});
