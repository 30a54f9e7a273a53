import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { connect, type Database } from "@rondo/db";
import { eventFor, parseEvent, signalOf } from "@rondo/event";
import { taskEvent } from "@rondo/event/testing";
import { createMetrics } from "@rondo/telemetry";
import { newId, type TestDatabase, waitFor } from "@rondo/testing";
import { outboxState, refusedEvents, releaseRefused } from "./operator_queries.ts";
import { append, eventsOf, schema, scriptedBus, workDatabase } from "./outbox.fixture.ts";
import { createRelay, type Relay, type RelayOptions } from "./relay.ts";

setDefaultTimeout(30_000);

let database: TestDatabase;
let closers: (() => Promise<unknown>)[];
beforeEach(async () => {
  database = await workDatabase();
  closers = [];
});
afterEach(async () => {
  for (const close of closers.toReversed()) await close();
  await database.close();
});

function relayOn(options: Partial<RelayOptions> & Pick<RelayOptions, "bus">): Relay {
  const relay = createRelay({ db: database.db, schema, metrics: createMetrics(), pollMs: 20, ...options });
  relay.start();
  closers.push(() => relay.stop());
  return relay;
}

const empty = () =>
  waitFor(async () => (await outboxState(database.sql, schema)).depth === 0, { what: "an empty outbox" });

test("what was committed is published whole and slim, in order, then forgotten", async () => {
  const scripted = scriptedBus();
  relayOn(scripted);
  const events = eventsOf(newId(), 30);
  await append(database.sql, ...events);
  await empty();
  expect(scripted.idsOn("task-events")).toEqual(events.map(({ id }) => id));
  expect(scripted.idsOn("task-updates")).toEqual(events.map(({ id }) => id));
  expect(scripted.published.filter(({ topic }) => topic === "task-updates").map(({ event }) => event)).toEqual(
    events.map((event) => eventFor("task-updates", event, signalOf(event))),
  );
});

test("a relay that is woken publishes at once, whatever its polling", async () => {
  const scripted = scriptedBus();
  const relay = relayOn({ ...scripted, pollMs: 60_000 });
  await append(database.sql, taskEvent("task.created.v1"));
  relay.wake();
  await empty();
  await append(database.sql, taskEvent("task.created.v1"));
  const began = performance.now();
  relay.wake();
  await waitFor(() => scripted.published.length === 4, { what: "the second event", everyMs: 1 });
  expect(performance.now() - began).toBeLessThan(250);
});

test("what nobody woke the relay for is found by polling", async () => {
  const scripted = scriptedBus();
  relayOn(scripted);
  await empty();
  await append(database.sql, taskEvent("task.created.v1"));
  await waitFor(() => scripted.published.length === 2, { what: "the event" });
});

test("an event whose outcome is unknown is published again under its id before the later ones, and only where it must", async () => {
  let away = 3;
  const scripted = scriptedBus((topic) => {
    if (topic === "task-events" || away === 0) return "acknowledged";
    away -= 1;
    return "unknown";
  });
  const events = eventsOf(newId(), 3);
  await append(database.sql, ...events);
  relayOn(scripted);
  await empty();
  const ids = events.map(({ id }) => id);
  expect(scripted.idsOn("task-events")).toEqual(ids);
  expect(scripted.idsOn("task-updates")).toEqual([...ids, ...ids]);
});

test("a refused event is set aside with its reason, counted and kept; its key and the others go on", async () => {
  const key = newId();
  const [first, bad, last] = eventsOf(key, 3);
  if (first === undefined || bad === undefined || last === undefined) throw new Error("three events");
  const scripted = scriptedBus((topic, event) =>
    event.id === bad.id && topic === "task-events" ? "refused" : "acknowledged",
  );
  const metrics = createMetrics();
  await append(database.sql, first, bad, last, taskEvent("task.created.v1"));
  relayOn({ ...scripted, metrics });
  await empty();
  const refused = await refusedEvents(database.sql, schema);
  expect(refused).toMatchObject([{ event_id: bad.id, key, reason: "refused by the engine on task-events" }]);
  await append(database.sql, taskEvent("task.created.v1"));
  await empty();
  expect(scripted.idsOn("task-events").filter((id) => id === bad.id)).toHaveLength(1);
  const text = await metrics.render();
  expect(text).toContain('rondo_outbox_refused{schema="work"} 1');
  expect(text).toContain('rondo_outbox_published_total{schema="work"} 4');
  expect(text).toContain('rondo_outbox_delay_seconds_count{schema="work"} 4');
  expect(text).toContain('rondo_outbox_depth{schema="work"} 0');
});

test("a refused event is published when the operator releases it", async () => {
  let refuse = true;
  const scripted = scriptedBus(() => (refuse ? "refused" : "acknowledged"));
  await append(database.sql, taskEvent("task.created.v1"));
  relayOn(scripted);
  await empty();
  refuse = false;
  const [refused] = await refusedEvents(database.sql, schema);
  expect(await releaseRefused(database.sql, schema, [refused?.id ?? 0])).toBe(1);
  await empty();
  expect(scripted.published.filter(({ outcome }) => outcome === "acknowledged")).toHaveLength(2);
  expect(await outboxState(database.sql, schema)).toMatchObject({ refused: 0 });
});

test("a row that is no event is set aside and holds back nothing", async () => {
  const scripted = scriptedBus();
  await database.sql`insert into work.outbox (event_id, key, type, payload)
    values (${newId()}, 'k', 'task.created.v1', '{"id": 7}')`;
  const event = taskEvent("task.created.v1");
  await append(database.sql, event);
  relayOn(scripted);
  await empty();
  expect(scripted.idsOn("task-events")).toEqual([event.id]);
  expect(await refusedEvents(database.sql, schema)).toMatchObject([{ reason: expect.stringContaining("id must be") }]);
});

test("an event whose transaction took its place early and committed late is not lost", async () => {
  const scripted = scriptedBus();
  relayOn(scripted);
  const release = Promise.withResolvers<void>();
  const appended = Promise.withResolvers<void>();
  const late = taskEvent("task.created.v1");
  const holding = database.db.transaction(async (tx) => {
    await append(tx, late);
    appended.resolve();
    await release.promise;
  });
  await appended.promise;
  const early = taskEvent("task.created.v1");
  await append(database.sql, early);
  await waitFor(() => scripted.idsOn("task-events").includes(early.id), { what: "the later event" });
  release.resolve();
  await holding;
  await waitFor(() => scripted.idsOn("task-events").includes(late.id), { what: "the early event" });
});

test("stop publishes what is there", async () => {
  const scripted = scriptedBus();
  const relay = relayOn({ ...scripted, pollMs: 60_000, batchSize: 7 });
  await append(database.sql, taskEvent("task.created.v1"));
  relay.wake();
  await empty();
  await append(database.sql, ...eventsOf(newId(), 40));
  await relay.stop();
  expect(await outboxState(database.sql, schema)).toMatchObject({ depth: 0 });
});

test("stop does not wait for an engine that is away", async () => {
  const scripted = scriptedBus(() => "unknown");
  const relay = relayOn(scripted);
  await append(database.sql, taskEvent("task.created.v1"));
  await waitFor(() => scripted.published.length > 0, { what: "a try" });
  await relay.stop();
  expect(await outboxState(database.sql, schema)).toMatchObject({ depth: 1 });
});

test("the trace of the request goes with the event", async () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const scripted = scriptedBus();
  await append(database.sql, taskEvent("task.created.v1", { traceparent }));
  relayOn(scripted);
  await empty();
  expect(scripted.published.map(({ event }) => event.traceparent)).toEqual([traceparent, traceparent]);
  expect(scripted.published.every(({ event }) => parseEvent(event).ok)).toBe(true);
});

test("a database that goes away for a while delays events and loses none", async () => {
  const scripted = scriptedBus();
  relayOn(scripted);
  await append(database.sql, taskEvent("task.created.v1"));
  await empty();
  const other: Database = connect({ url: database.adminUrl, name: "operator", max: 1 });
  closers.push(() => other.close());
  await other.sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = ${database.name} and pid <> pg_backend_pid()`;
  const event = taskEvent("task.created.v1");
  await waitFor(() => append(database.sql, event).then(() => true), { what: "the database to take the event" });
  await waitFor(() => scripted.idsOn("task-events").includes(event.id), { what: "the event" });
});
