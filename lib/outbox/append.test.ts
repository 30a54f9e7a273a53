import { afterAll, beforeAll, expect, test } from "bun:test";
import type { CloudEvent } from "@rondo/event";
import { taskEvent } from "@rondo/event/testing";
import type { TestDatabase } from "@rondo/testing";
import { appendEvent, appendEvents } from "./append.ts";
import { eventsOf, schema, workDatabase } from "./outbox.fixture.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await workDatabase();
});
afterAll(() => database.close());

async function appended(): Promise<CloudEvent[]> {
  const rows = await database.sql<{ payload: CloudEvent }[]>`delete from work.outbox returning payload, id`;
  return rows.map((row) => row.payload);
}

async function change(from: number, event: CloudEvent): Promise<number> {
  const { sql } = database;
  const rows = await sql`
    with changed as (update work.thing set version = version + 1 where id = 1 and version = ${from} returning *),
      noted as (${appendEvent(sql, schema, event, sql`changed`)})
    select version from changed`;
  return rows.count;
}

test("one statement changes the row and appends the event", async () => {
  await database.sql`insert into work.thing values (1, 1)`;
  const event = taskEvent("task.updated.v1", { task: { title: 'a "quoted" žluťoučký 🐎 \\ title' } });
  expect(await change(1, event)).toBe(1);
  const [row] = await database.sql`select event_id, key, type, payload from work.outbox`;
  expect(row).toEqual({
    event_id: event.id,
    key: event.workspaceid,
    type: "task.updated.v1",
    payload: event,
  });
  expect(await appended()).toHaveLength(1);
});

test("a lost race changes nothing and appends nothing", async () => {
  expect(await change(1, taskEvent("task.updated.v1"))).toBe(0);
  expect(await appended()).toEqual([]);
});

test("what is rolled back was never appended", async () => {
  const rolledBack = database.db.transaction(async (tx) => {
    await appendEvent(tx, schema, taskEvent("task.updated.v1"));
    throw new Error("on second thoughts");
  });
  await expect(rolledBack).rejects.toThrow("second thoughts");
  expect(await appended()).toEqual([]);
});

test("several events are appended in their order, or none when nothing was changed", async () => {
  const { sql } = database;
  const events = eventsOf(Bun.randomUUIDv7(), 20);
  await appendEvents(sql, schema, events);
  const rows = await sql<{ event_id: string }[]>`select event_id from work.outbox order by id`;
  expect(rows.map((row) => row.event_id)).toEqual(events.map(({ id }) => id));
  await appended();
  await sql`with changed as (update work.thing set version = 9 where id = 404 returning id)
    ${appendEvents(sql, schema, events, sql`changed`)}`;
  await appendEvents(sql, schema, []);
  expect(await appended()).toEqual([]);
});
