/** Old and new programs side by side: the relay of the one passes on what the other has written. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { eventFor, signalOf } from "@rondo/event";
import { taskEvent } from "@rondo/event/testing";
import { newId, type TestDatabase } from "@rondo/testing";
import { refusedEvents, releaseRefused } from "./operator_queries.ts";
import { append, schema, scriptedBus, workDatabase } from "./outbox.fixture.ts";
import { RelayStep } from "./relay_step.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await workDatabase();
});
afterEach(() => database.close());

/** An event of a type that this program does not know, with all that its writer says. */
async function appendUnknown(topics: readonly string[], signal: object | null, type = "comment.added.v1") {
  const { data: _, ...envelope } = taskEvent("task.created.v1");
  const event = { ...envelope, type, dataschema: `/schemas/${type}.json`, data: { comment: { text: "hello" } } };
  await database.sql`
    insert into work.outbox (event_id, key, type, topics, signal, payload)
    values (${event.id}, ${event.workspaceid}, ${type}, ${[...topics]}, ${signal && JSON.stringify(signal)}::text::json,
      ${JSON.stringify(event)}::text::json)`;
  return event;
}

test("an event of a type that the relay does not know goes whole to the topics of its row, and slim to the windows", async () => {
  const { bus, published } = scriptedBus();
  const signal = { kind: "comment", id: newId(), project_id: newId(), version: 3, of_a_newer_version: true };
  const event = await appendUnknown(["task-events", "comments", "task-updates"], signal);
  const relay = new RelayStep({ sql: database.sql, schema, bus, batchSize: 10 });
  await relay.step(0);
  const on = (topic: string) => published.filter((entry) => entry.topic === topic).map((entry) => entry.event);
  expect<unknown[]>(on("task-events")).toEqual([event]);
  expect<unknown[]>(on("comments")).toEqual([event]);
  expect(on("task-updates")).toMatchObject([
    { id: event.id, type: "workspace.changed.v1", data: { type: "comment.added.v1", ...signal } },
  ]);
});

test("a signal that this version cannot carry sets its own row aside with the reason; what follows goes on", async () => {
  const { bus, published } = scriptedBus();
  await appendUnknown(["task-updates"], { kind: "comment", id: "no id", project_id: null, version: "new" });
  const next = taskEvent("task.created.v1");
  await append(database.sql, next);
  const relay = new RelayStep({ sql: database.sql, schema, bus, batchSize: 10 });
  await relay.step(0);
  await relay.step(1);
  expect(published.map(({ event }) => event.id)).toContain(next.id);
  expect(await refusedEvents(database.sql, schema, 10)).toMatchObject([{ reason: expect.stringContaining("data.") }]);
});

test("one that was refused keeps its topics and its signal when it is released", async () => {
  let refuses = true;
  const { bus, published } = scriptedBus(() => (refuses ? "refused" : "acknowledged"));
  const signal = { kind: "comment", id: newId(), project_id: null, version: 1 };
  await appendUnknown(["task-events", "task-updates"], signal);
  const relay = new RelayStep({ sql: database.sql, schema, bus, batchSize: 10 });
  await relay.step(0);
  refuses = false;
  const [refused] = await refusedEvents(database.sql, schema);
  await releaseRefused(database.sql, schema, [refused?.id ?? 0]);
  published.splice(0);
  await relay.step(1);
  expect(published.map(({ topic, event }) => [topic, event.type])).toEqual([
    ["task-events", "comment.added.v1"],
    ["task-updates", "workspace.changed.v1"],
  ]);
});

test("a row of an older writer, which left its topics to the relay, goes out whole and slim", async () => {
  const { bus, published } = scriptedBus();
  const event = taskEvent("task.created.v1");
  await append(database.sql, event);
  await database.sql`update work.outbox set topics = null, signal = null`;
  const relay = new RelayStep({ sql: database.sql, schema, bus, batchSize: 10 });
  await relay.step(0);
  expect(published).toEqual([
    { topic: "task-events", event, outcome: "acknowledged" },
    { topic: "task-updates", event: eventFor("task-updates", event, signalOf(event)), outcome: "acknowledged" },
  ]);
});

test("the relay of the version before finds the rows of this one", async () => {
  const event = taskEvent("task.created.v1");
  await append(database.sql, event);
  const rows = await database.sql`select id, event_id from work.waiting_events(0, 10)`;
  expect([...rows]).toEqual([{ id: 1, event_id: event.id }]);
});
