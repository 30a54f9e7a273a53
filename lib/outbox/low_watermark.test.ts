import { afterEach, beforeEach, expect, test } from "bun:test";
import { newId, type TestDatabase } from "@rondo/testing";
import { LowWatermark } from "./low_watermark.ts";
import { append, eventsOf, schema, workDatabase } from "./outbox.fixture.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await workDatabase();
});
afterEach(() => database.close());

/** Appends `count` events in a transaction that stays open until the returned function is called. */
async function appendSlowly(count: number): Promise<() => Promise<void>> {
  const free = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<void>();
  const done = database.db.transaction(async (tx) => {
    await append(tx, ...eventsOf(newId(), count));
    taken.resolve();
    await free.promise;
  });
  await taken.promise;
  return () => {
    free.resolve();
    return done;
  };
}

/** After more was read and done with, however little time has passed. */
function settled(watermark: LowWatermark, now: number): Promise<number> {
  watermark.rise(0, Number.POSITIVE_INFINITY);
  return watermark.settled(now, true);
}

test("it stays below an id whose transaction is open, however late it is, and passes it when that has ended", async () => {
  const watermark = new LowWatermark(database.sql, schema);
  await append(database.sql, ...eventsOf(newId(), 3));
  expect(await settled(watermark, 0)).toBe(3);
  const commit = await appendSlowly(1);
  await append(database.sql, ...eventsOf(newId(), 2));
  for (const now of [1, 999, 60_000, 3_600_000]) expect(await settled(watermark, now)).toBe(3);
  await commit();
  expect(await settled(watermark, 3_600_001)).toBe(6);
});

test("it passes what was settled although others are writing all the time", async () => {
  const watermark = new LowWatermark(database.sql, schema);
  const first = await appendSlowly(1);
  expect(await settled(watermark, 0)).toBe(0);
  const second = await appendSlowly(1);
  await first();
  expect(await settled(watermark, 1)).toBe(1);
  await second();
  expect(await settled(watermark, 2)).toBe(2);
});

test("somebody's long transaction that only reads does not hold it", async () => {
  const watermark = new LowWatermark(database.sql, schema);
  await database.sql.begin("isolation level repeatable read", async (tx) => {
    await tx`select pg_current_xact_id(), count(*) from work.outbox`;
    await append(database.sql, ...eventsOf(newId(), 5));
    expect(await settled(watermark, 0)).toBe(5);
  });
});

test("while the outbox is at rest nobody looks", async () => {
  const watermark = new LowWatermark(database.sql, schema);
  await append(database.sql, ...eventsOf(newId(), 2));
  expect(await settled(watermark, 0)).toBe(2);
  await append(database.sql, ...eventsOf(newId(), 1));
  expect(await watermark.settled(60_000, true)).toBe(2);
  watermark.rise(2, 3);
  expect(await watermark.settled(60_000, false)).toBe(3);
});

test("it never falls, and rises only as far as everything is done with", () => {
  const watermark = new LowWatermark(database.sql, schema);
  watermark.rise(10, 7);
  expect(watermark.value).toBe(7);
  watermark.rise(10, 3);
  expect(watermark.value).toBe(7);
  watermark.rise(10, 20);
  expect(watermark.value).toBe(10);
});
