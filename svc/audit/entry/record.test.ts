import { afterAll, beforeAll, expect, test } from "bun:test";
import { busMigrations, createLocalBus } from "@rondo/bus";
import { connect, mapDatabaseError } from "@rondo/db";
import { type AnyEvent, eventFor, signalOf } from "@rondo/event";
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

test("while the database is away the batch is neither recorded nor refused, and it is recorded when it is back", async () => {
  const workspace_id = newId();
  const events = Array.from({ length: 3 }, () => taskEvent("task.updated.v1", { workspace_id }));
  const deliveries = events.map((event) => ({ topic: "task-events" as const, key: workspace_id, event, attempt: 1 }));
  const away = connect({ url: "postgres://nobody@127.0.0.1:1/nothing", name: "away" });
  const handling = auditSubscription({ db: away, newId }).handle(deliveries);
  const error: unknown = await handling.then(
    (outcomes) => outcomes,
    (reason: unknown) => reason,
  );
  await away.close();
  // Not an answer for any event: an outage says nothing about them, and the bus is told that it is one.
  expect(error).toBeInstanceOf(Error);
  expect(mapDatabaseError(error)?.kind).toBe("unavailable");
  expect(await entries(workspace_id)).toEqual([]);
  expect(await audit.consume(...events)).toEqual([{ result: "done" }, { result: "done" }, { result: "done" }]);
  expect(await entries(workspace_id)).toHaveLength(3);
});

test("a fact of a type that this program does not know is recorded from its envelope and its changes", async () => {
  const known = taskEvent("task.updated.v1");
  const event: AnyEvent = { ...known, type: "task.split.v1", data: { pieces: [1], changes: { pieces: [null, 2] } } };
  const strange: AnyEvent = {
    ...known,
    id: newId(),
    type: "comment.added.v3",
    subject: "c/1",
    data: { changes: "many" },
  };
  expect(await audit.consume(event, strange)).toEqual([{ result: "done" }, { result: "done" }]);
  expect(await entries(known.workspaceid)).toMatchObject([
    { type: "task.split.v1", task_id: known.subject, project_id: null, changes: { pieces: [null, 2] } },
    { type: "comment.added.v3", task_id: null, project_id: null, changes: {} },
  ]);
});

test("two replicas that record the same batch at once leave one entry of each event, and neither fails", async () => {
  const other = connect({ url: audit.database.url, name: "another replica" });
  const replicas = [audit.db, other].map((db) => auditSubscription({ db, newId }));
  const workspace_id = newId();
  const time = "2024-05-05T08:00:00.000Z";
  for (let round = 0; round < 10; round += 1) {
    const events = Array.from({ length: 50 }, () => taskEvent("task.updated.v1", { workspace_id, time }));
    const orders = [events, events.toReversed()];
    const answers = await Promise.all(
      replicas.map(({ handle }, index) =>
        handle((orders[index] ?? []).map((event) => ({ topic: "task-events", key: workspace_id, event, attempt: 1 }))),
      ),
    );
    expect(answers.flat().filter(({ result }) => result !== "done")).toEqual([]);
  }
  await other.close();
  expect(await entries(workspace_id)).toHaveLength(500);
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
