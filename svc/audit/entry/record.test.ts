import { afterAll, beforeAll, expect, test } from "bun:test";
import { busMigrations, createLocalBus } from "@rondo/bus";
import { connect } from "@rondo/db";
import { eventFor, signalOf } from "@rondo/event";
import { projectEvent, taskEvent } from "@rondo/event/testing";
import { createMetrics } from "@rondo/telemetry";
import { createTestDatabase, newId, waitFor } from "@rondo/testing";
import { type AuditFixture, createAuditFixture } from "../audit.fixture.ts";
import { auditMigrations } from "../migrations.ts";
import { auditSubscription } from "./record.ts";

let audit: AuditFixture;
beforeAll(async () => {
  audit = await createAuditFixture();
});
afterAll(() => audit.close());

async function entries(workspaceId: string): Promise<object[]> {
  return [...(await audit.sql`select * from audit.entry where workspace_id = ${workspaceId} order by id`)];
}

test("a fact about a task becomes one entry: who, when, what, before and after", async () => {
  const event = taskEvent("task.updated.v1", {
    actor_type: "agent",
    changes: { title: ["Buy milk", 'Buy "oat" milk 🐎'], due_date: [null, "2026-01-31"] },
  });
  expect(await audit.consume(event)).toEqual([{ result: "done" }]);
  const { task, changes } = event.data;
  expect(await entries(event.workspaceid)).toEqual([
    {
      id: expect.any(String),
      workspace_id: event.workspaceid,
      event_id: event.id,
      type: "task.updated.v1",
      time: event.time,
      actor_id: event.actorid,
      actor_type: "agent",
      task_id: task.id,
      project_id: task.project_id,
      changes,
    },
  ]);
});

test("a fact about a project becomes an entry without a task", async () => {
  const event = projectEvent("project.archived.v1");
  await audit.consume(event);
  expect(await entries(event.workspaceid)).toMatchObject([{ task_id: null, project_id: event.data.project.id }]);
});

test("an event that is delivered again, in one batch, later or at the same time, leaves one entry", async () => {
  const workspace_id = newId();
  const events = Array.from({ length: 20 }, () => taskEvent("task.updated.v1", { workspace_id }));
  const shuffled = () => events.toSorted(() => Math.random() - 0.5);
  await audit.consume(...events, ...shuffled());
  await Promise.all(Array.from({ length: 8 }, () => audit.consume(...shuffled())));
  expect(await entries(workspace_id)).toHaveLength(20);
});

test("ids of entries follow the order in which their events came first, also when a batch has them twice", async () => {
  const workspace_id = newId();
  const events = Array.from({ length: 20 }, () => taskEvent("task.updated.v1", { workspace_id }));
  await audit.consume(...events, ...events);
  expect(await entries(workspace_id)).toMatchObject(events.map(({ id }) => ({ event_id: id })));
});

test("an event that cannot be stored is given up alone, with its reason; the others of its batch are kept", async () => {
  const workspace_id = newId();
  const [first, last] = [
    taskEvent("task.updated.v1", { workspace_id }),
    taskEvent("task.updated.v1", { workspace_id }),
  ];
  const poison = taskEvent("task.updated.v1", { workspace_id, changes: { title: ["a", "NUL \u0000 is no text"] } });
  const outcomes = await audit.consume(first, poison, last);
  expect(outcomes.map(({ result }) => result)).toEqual(["done", "refused", "done"]);
  expect(outcomes[1]).toMatchObject({ reason: expect.stringContaining("Unicode") });
  expect(await entries(workspace_id)).toMatchObject([{ event_id: first.id }, { event_id: last.id }]);
});

test("what is no fact is dropped, not written", async () => {
  const fact = taskEvent("task.updated.v1");
  const update = eventFor("task-updates", fact, signalOf(fact));
  expect(await audit.consume(update)).toMatchObject([{ result: "refused" }]);
  expect(await entries(update.workspaceid)).toEqual([]);
});

test("while the database is away nothing is given up", async () => {
  const away = connect({ url: "postgres://nobody@127.0.0.1:1/nothing", name: "away" });
  const subscription = auditSubscription({ db: away, newId });
  const event = taskEvent("task.updated.v1");
  const handling = subscription.handle([{ topic: "task-events", key: event.workspaceid, event, attempt: 1 }]);
  await expect(handling).rejects.toThrow();
  await away.close();
});

test("events on the bus end up in the trail", async () => {
  await using database = await createTestDatabase({ schemas: [auditMigrations, busMigrations] });
  const bus = createLocalBus({ db: database.db, metrics: createMetrics() });
  bus.subscribe(auditSubscription({ db: database.db, newId }));
  await bus.start();
  const events = Array.from({ length: 700 }, () => taskEvent("task.completed.v1"));
  await bus.publish("task-events", events);
  const count = async () => (await database.sql`select 1 from audit.entry`).count === events.length;
  await waitFor(count, { what: "700 entries" });
  await bus.stop();
});
