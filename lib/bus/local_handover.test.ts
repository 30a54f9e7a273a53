/** What a process publishes reaches its own readers without the way through the log, and nothing of others is passed over. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { newId, waitFor } from "@rondo/testing";
import { appendToLog } from "./local/log_queries.ts";
import { type HandedRow, PartitionLog } from "./local/partition_log.ts";
import { consume, database, events, freshDatabases, open, topic } from "./local.fixture.ts";
import { partitionOf } from "./partition.ts";
import { done } from "./port.ts";

setDefaultTimeout(30_000);
freshDatabases();

const partition = 1;

/** Appends so many rows to the log and answers them as their publisher would hand them over. */
async function append(count: number, bytes = 100): Promise<HandedRow[]> {
  const rows = Array.from({ length: count }, () => ({ partition, key: "k", text: "{}" }));
  const ids = await appendToLog(database().db.sql, topic, rows);
  return ids.map((id) => ({ id, key: "k", event: { handed: id }, bytes }));
}

const idsOf = (rows: readonly { id: number }[]) => rows.map(({ id }) => id);
const isHanded = ({ event }: { event: unknown }) => JSON.stringify(event) !== "{}";

/** A reader that has seen everything up to here. */
async function reader(): Promise<PartitionLog> {
  const log = new PartitionLog(database().db.sql, topic, partition);
  expect(await log.next(0, 10)).toEqual([]);
  return log;
}

test("ids of a partition follow each other without a gap, whatever goes to the others", async () => {
  const { sql } = database().db;
  const rows = [1, 0, 1, 2, 1].map((to, index) => ({ partition: to, key: `k${index}`, text: "{}" }));
  expect(await appendToLog(sql, topic, rows)).toEqual([1, 1, 2, 1, 3]);
  expect(await appendToLog(sql, topic, rows)).toEqual([4, 2, 5, 2, 6]);
  expect(await appendToLog(sql, "task-updates", rows)).toEqual([1, 1, 2, 1, 3]);
});

test("what follows without a gap is handed over, in pieces of the size that was asked for", async () => {
  const log = await reader();
  log.published(await append(3));
  log.published(await append(2));
  const first = await log.next(0, 4);
  expect(idsOf(first)).toEqual([1, 2, 3, 4]);
  expect(first.every(isHanded)).toBe(true);
  expect(idsOf(await log.next(4, 4))).toEqual([5]);
  expect(await log.next(5, 4)).toEqual([]);
});

test("what another process published in between comes from the log, in its place", async () => {
  const log = await reader();
  await append(2);
  log.published(await append(2));
  const rows = await log.next(0, 10);
  expect(idsOf(rows)).toEqual([1, 2, 3, 4]);
  expect(rows.some(isHanded)).toBe(false);
});

test("what has been read from the log meanwhile is not handed over again", async () => {
  const log = await reader();
  const own = await append(3);
  log.published();
  expect(idsOf(await log.next(0, 2))).toEqual([1, 2]);
  log.published(own);
  expect(idsOf(await log.next(2, 10))).toEqual([3]);
  expect(await log.next(3, 10)).toEqual([]);
});

test("a reader that falls behind reads the log, and what waited in memory for it is let go", async () => {
  const log = await reader();
  for (let count = 0; count < 5; count++) log.published(await append(1, 500_000));
  const rows = await log.next(0, 10);
  expect(idsOf(rows)).toEqual([1, 2, 3, 4, 5]);
  expect(rows.some(isHanded)).toBe(false);
});

test("a partition of which nothing new is known costs no query", async () => {
  const log = await reader();
  await append(1);
  expect(await log.next(0, 10)).toEqual([]);
  log.published();
  expect(idsOf(await log.next(0, 10))).toEqual([1]);
});

test("two processes that publish in turns: each consumer sees all of it, in order for each key", async () => {
  const { bus, deliveries } = await consume(() => done, { pollMs: 5 });
  const other = open();
  const keys = Array.from({ length: 6 }, () => newId());
  const all = keys.flatMap((key) => events(key, 40));
  for (let from = 0; from < all.length; from += 8) {
    const publisher = from % 16 === 0 ? bus : other;
    await publisher.publish(topic, all.slice(from, from + 8));
  }
  await waitFor(() => deliveries.length >= all.length, { what: "all events" });
  expect(deliveries).toHaveLength(all.length);
  for (const partition of [0, 1, 2]) {
    const those = (key: string) => partitionOf(key) === partition;
    const arrived = deliveries.filter(({ key }) => those(key)).map(({ event }) => event.id);
    expect(arrived).toEqual(all.filter(({ workspaceid }) => those(workspaceid)).map(({ id }) => id));
  }
});
