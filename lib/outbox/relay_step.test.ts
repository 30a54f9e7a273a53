import { afterEach, beforeEach, expect, test } from "bun:test";
import { newId, type TestDatabase } from "@rondo/testing";
import { append, eventsOf, schema, scriptedBus, workDatabase } from "./outbox.fixture.ts";
import { RelayStep } from "./relay_step.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await workDatabase();
});
afterEach(() => database.close());

test("the very first event of a new database is published, also when the relay was there before it", async () => {
  const { bus, idsOn } = scriptedBus();
  const relay = new RelayStep({ sql: database.sql, schema, bus, batchSize: 10 });
  for (const now of [0, 2_000]) await relay.step(now);
  const events = eventsOf(newId(), 1);
  await append(database.sql, ...events);
  await relay.step(4_000);
  expect(idsOn("task-events")).toEqual(events.map(({ id }) => id));
});
