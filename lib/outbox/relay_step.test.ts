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

test("while nothing is appended, a look at the outbox is one statement", async () => {
  const statements: string[] = [];
  const { bus } = scriptedBus();
  const sql = new Proxy(database.sql, {
    apply: (target, self, args) => {
      const [strings] = args;
      const text = Array.isArray(strings) ? strings.join("?") : "";
      if (text.trim().startsWith("select")) statements.push(text);
      return Reflect.apply(target, self, args);
    },
  });
  const relay = new RelayStep({ sql, schema, bus, batchSize: 10 });
  await append(database.sql, ...eventsOf(newId(), 3));
  for (const now of [0, 2_000, 4_000]) await relay.step(now);
  statements.splice(0);
  for (const now of [6_000, 8_000, 10_000]) await relay.step(now);
  expect(statements).toHaveLength(3);
});
