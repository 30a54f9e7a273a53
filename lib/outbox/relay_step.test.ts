import { afterEach, beforeEach, expect, test } from "bun:test";
import type { CloudEvent } from "@rondo/event";
import { newId, type TestDatabase } from "@rondo/testing";
import { append, eventsOf, schema, scriptedBus, workDatabase } from "./outbox.fixture.ts";
import { Recent } from "./recent.ts";
import { createRelayStep } from "./relay_step.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await workDatabase();
});
afterEach(() => database.close());

test("the very first event of a new database is published, also when the relay was there before it", async () => {
  const { bus, idsOn } = scriptedBus();
  const step = createRelayStep({ sql: database.sql, schema, bus, batchSize: 10 });
  for (const now of [0, 2_000]) await step(now);
  const events = eventsOf(newId(), 1);
  await append(database.sql, ...events);
  await step(4_000);
  expect(idsOn("task-events")).toEqual(events.map(({ id }) => id));
});

test("what was appended here a moment ago is published from memory, anything else from the outbox, all in its order", async () => {
  const { sql } = database;
  const events: CloudEvent[] = eventsOf(newId(), 3);
  const recent = new Recent();
  const { bus, idsOn, published } = scriptedBus();
  const step = createRelayStep({ sql, schema, bus, batchSize: 10, recent });
  await append(sql, ...events);
  recent.keep(events.slice(1, 2));
  await step(0);
  expect(idsOn("task-events")).toEqual(events.map(({ id }) => id));
  const fromMemory = published.filter(({ topic, event }) => topic === "task-events" && events.includes(event));
  expect(fromMemory.map(({ event }) => event)).toEqual(events.slice(1, 2));
});

test("an event that is not in the outbox is kept for two steps at most, and never published", async () => {
  const recent = new Recent();
  const [lost] = eventsOf(newId(), 1);
  if (!lost) throw new Error("an event");
  recent.keep([lost]);
  const { bus, published } = scriptedBus();
  const step = createRelayStep({ sql: database.sql, schema, bus, batchSize: 10, recent });
  for (const now of [0, 1]) {
    expect(recent.get(lost.id)).toBe(lost);
    await append(database.sql, ...eventsOf(newId(), 1));
    await step(now);
  }
  expect(recent.get(lost.id)).toBeUndefined();
  expect(published.map(({ event }) => event.id)).not.toContain(lost.id);
});
