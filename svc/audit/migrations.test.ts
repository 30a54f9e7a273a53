import { afterEach, beforeEach, expect, test } from "bun:test";
import { migrate } from "@rondo/db";
import { taskEvent } from "@rondo/event/testing";
import { createTestDatabase, newId, type TestDatabase } from "@rondo/testing";
import { auditSubscription } from "./entry/record.ts";
import { auditMigrations } from "./migrations.ts";

/** The trail as it was before it had months. */
const before = { ...auditMigrations, migrations: auditMigrations.migrations.slice(0, 3) };

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ schemas: [before] });
});
afterEach(() => database.close());

const workspace_id = newId();
const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

async function insertOld(events: readonly ReturnType<typeof anEvent>[]): Promise<void> {
  for (const event of events) {
    await database.sql`
      insert into audit.entry (id, workspace_id, event_id, type, time, actor_id, actor_type, task_id, project_id, changes)
      values (${newId()}, ${workspace_id}, ${event.id}, ${event.type}, ${event.time}, ${event.actorid}, 'user',
        ${event.subject}, null, '{"title":["a","b"]}')`;
  }
}

const anEvent = (days: number) => taskEvent("task.updated.v1", { workspace_id, time: at(days) });
const trail = () => database.sql`select * from audit.entry order by time, id`;

async function consume(...events: readonly ReturnType<typeof anEvent>[]) {
  const { handle } = auditSubscription({ db: database.db, newId });
  return await handle(events.map((event) => ({ topic: "task-events", key: workspace_id, event, attempt: 1 })));
}

test("what was written before there were months is there afterwards, to the last entry, and is found again when its event comes again", async () => {
  const old = [anEvent(-900), anEvent(-31), anEvent(0), anEvent(75)];
  await insertOld(old);
  const entries = [...(await trail())];
  await migrate(database.sql, auditMigrations);
  expect([...(await trail())]).toEqual(entries);
  const [late, far] = [anEvent(-400), anEvent(1)];
  expect(await consume(...old, late, far)).toEqual(Array(6).fill({ result: "done" }));
  expect(await trail()).toHaveLength(6);
  await expect(database.sql`delete from audit.entry_before`.then(() => "done")).rejects.toThrow("only grows");
});

test("a trail without entries begins with this month and the next", async () => {
  await migrate(database.sql, auditMigrations);
  const parts = await database.sql`select from pg_inherits where inhparent = 'audit.entry'::regclass`;
  expect(parts).toHaveLength(2);
  expect(await consume(anEvent(0))).toEqual([{ result: "done" }]);
});

test("while every entry is looked at, others read and write", async () => {
  await insertOld([anEvent(-1)]);
  const [bound, checked] = auditMigrations.migrations.slice(3);
  await database.sql.unsafe(bound?.sql ?? "");
  await database.db.transaction(async (tx) => {
    await tx.unsafe(checked?.sql ?? "");
    await insertOld([anEvent(0)]);
    expect(await trail()).toHaveLength(2);
  });
});
