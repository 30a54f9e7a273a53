import { afterEach, beforeEach, expect, test } from "bun:test";
import type { TestDatabase } from "@rondo/testing";
import { outboxState, waitingEvents } from "./operator_queries.ts";
import { append, eventsOf, workDatabase } from "./outbox.fixture.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await workDatabase();
});
afterEach(() => database.close());

test("who waits for too long is listed, oldest first, with its age", async () => {
  const { sql } = database;
  const events = eventsOf(Bun.randomUUIDv7(), 4);
  await append(sql, ...events);
  await sql`update work.outbox set created_at = created_at - interval '1 hour' where id <= 3`;
  const waiting = await waitingEvents(sql, "work", 3_000);
  expect(waiting.map(({ event_id }) => event_id)).toEqual(events.slice(0, 3).map(({ id }) => id));
  expect(waiting[0]).toMatchObject({ key: events[0]?.workspaceid, type: "task.updated.v1" });
  expect(waiting[0]?.age_seconds).toBeWithin(3_600, 3_660);
  expect(await waitingEvents(sql, "work", 3_000, 2)).toHaveLength(2);
  expect(await waitingEvents(sql, "work", 0)).toHaveLength(4);
});

test("a long backlog is not counted one by one", async () => {
  const { sql } = database;
  expect(await outboxState(sql, "work")).toEqual({ depth: 0, oldest_seconds: 0, refused: 0 });
  await append(sql, ...eventsOf(Bun.randomUUIDv7(), 3));
  await sql`
    insert into work.outbox (event_id, key, type, topics, payload)
    select gen_random_uuid(), 'k', 'task.created.v1', '{task-events}', '{}' from generate_series(1, 30000)`;
  await sql`delete from work.outbox where id between 10 and 1009`;
  expect(await outboxState(sql, "work")).toMatchObject({ depth: 30_003 });
  await sql`delete from work.outbox where id > 5000`;
  expect(await outboxState(sql, "work")).toMatchObject({ depth: 4_000 });
});
