import { afterEach, beforeEach, expect, test } from "bun:test";
import type { CloudEvent } from "@rondo/event";
import { newId, type TestDatabase } from "@rondo/testing";
import { append, eventsOf, schema, scriptedBus, workDatabase } from "./outbox.fixture.ts";
import { Recent } from "./recent.ts";
import { createRounds } from "./rounds.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await workDatabase();
});
afterEach(() => database.close());

test("in a backlog too, what could not be published comes again in the next round, before what was appended later", async () => {
  const { sql } = database;
  const [one, two, late, four, five] = eventsOf(newId(), 5);
  if (!one || !two || !late || !four || !five) throw new Error("five events");
  let away = false;
  const scripted = scriptedBus(() => (away ? "unknown" : "acknowledged"));
  const rounds = createRounds({ sql, schema, bus: scripted.bus, batchSize: 2 });
  const publishedBy = async (now: number) => {
    const before = scripted.published.length;
    await rounds.next(now, false);
    const entries = scripted.published.slice(before);
    return entries.filter(({ topic }) => topic === "task-events").map(({ event }) => event.id);
  };

  // The id of what is committed late is taken first: a full round then goes on above it, until all is looked at again.
  const { promise: free, resolve: commit } = Promise.withResolvers<void>();
  const { promise: taken, resolve: took } = Promise.withResolvers<void>();
  const committing = database.db.transaction(async (transaction) => {
    await append(transaction, late);
    took();
    await free;
  });
  await taken;
  await append(sql, one, two, four, five);
  expect(await publishedBy(0)).toEqual([one.id, two.id]);
  commit();
  await committing;

  away = true;
  expect(await publishedBy(1_000)).toEqual([late.id, four.id]);
  away = false;
  expect(await publishedBy(1_001)).toEqual([late.id, four.id]);
  expect(await publishedBy(1_002)).toEqual([five.id]);
});

test("what was appended here a moment ago is published from memory, anything else from the outbox, all in its order", async () => {
  const { sql } = database;
  const events: CloudEvent[] = eventsOf(newId(), 3);
  const recent = new Recent();
  const { bus, idsOn, published } = scriptedBus();
  const rounds = createRounds({ sql, schema, bus, batchSize: 10, recent });
  await append(sql, ...events);
  recent.keep(events.slice(1, 2));
  await rounds.next(0, false);
  expect(idsOn("task-events")).toEqual(events.map(({ id }) => id));
  const fromMemory = published.filter(({ topic, event }) => topic === "task-events" && events.includes(event));
  expect(fromMemory.map(({ event }) => event)).toEqual(events.slice(1, 2));
});

test("an event that is not in the outbox is kept for two rounds at most, and never published", async () => {
  const recent = new Recent();
  const [lost] = eventsOf(newId(), 1);
  if (!lost) throw new Error("an event");
  recent.keep([lost]);
  const { bus, published } = scriptedBus();
  const rounds = createRounds({ sql: database.sql, schema, bus, batchSize: 10, recent });
  for (const now of [0, 1]) {
    expect(recent.get(lost.id)).toBe(lost);
    await append(database.sql, ...eventsOf(newId(), 1));
    await rounds.next(now, false);
  }
  expect(recent.get(lost.id)).toBeUndefined();
  expect(published.map(({ event }) => event.id)).not.toContain(lost.id);
});
