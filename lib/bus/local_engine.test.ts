/** What the engine in PostgreSQL promises beyond the semantics of every engine. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { connect } from "@rondo/db";
import type { CloudEvent } from "@rondo/event";
import { taskEvent } from "@rondo/event/testing";
import { createMetrics, currentTraceparent } from "@rondo/telemetry";
import { createTestDatabase, newId, type TestDatabase, waitFor } from "@rondo/testing";
import { busMigrations, createLocalBus, eachInOrder } from "./index.ts";
import type { LocalBusOptions } from "./local/bus.ts";
import { settleBatch } from "./local/failure_queries.ts";
import { appendToLog, moveCursor, readCursor, readLog } from "./local/log_queries.ts";
import { trimLog } from "./local/trimmer.ts";
import { partitionOf } from "./partition.ts";
import { type Bus, type BusAdmin, type Delivery, done, type Outcome, type Subscription } from "./port.ts";

setDefaultTimeout(30_000);
const topic = "task-events";
const group = "group";

let database: TestDatabase;
let closers: (() => Promise<unknown>)[];
beforeEach(async () => {
  database = await createTestDatabase({ schemas: [busMigrations], max: 8 });
  closers = [];
});
afterEach(async () => {
  for (const close of closers.toReversed()) await close();
  await database.close();
});

function open(options: Partial<LocalBusOptions> = {}): Bus & BusAdmin {
  const bus = createLocalBus({ db: database.db, metrics: createMetrics(), pollMs: 20, ...options });
  closers.push(bus.stop);
  return bus;
}

async function consume(
  answer: (delivery: Delivery) => Outcome | Promise<Outcome>,
  options: Partial<LocalBusOptions> & Partial<Pick<Subscription, "batchSize">> = {},
) {
  const { batchSize = 100, ...more } = options;
  const bus = open(more);
  const deliveries: Delivery[] = [];
  const handle = eachInOrder(async (delivery) => {
    deliveries.push(delivery);
    return await answer(delivery);
  });
  bus.subscribe({ topic, group, batchSize, handle });
  await bus.start();
  return { bus, deliveries };
}

/** Two keys of one partition. */
function neighbours(): [string, string] {
  const first = newId();
  let second = newId();
  while (partitionOf(second) !== partitionOf(first)) second = newId();
  return [first, second];
}

function events(key: string, count: number): CloudEvent[] {
  return Array.from({ length: count }, (_, index) =>
    taskEvent("task.updated.v1", { workspace_id: key, task: { version: index + 1 } }),
  );
}

const later: Outcome = { kind: "retry", reason: "later" };
const patient = { tries: 3, firstPauseMs: 600_000, longestPauseMs: 600_000 };

test("an event that waits for its next try holds back its own key alone, even within its partition", async () => {
  const [bad, good] = neighbours();
  const { bus, deliveries } = await consume(({ key }) => (key === bad ? later : done), { policy: patient });
  await bus.publish(topic, [...events(bad, 3), ...events(good, 3)]);
  await waitFor(async () => (await bus.lag(topic, group)) === 3, { what: "the key to be held" });
  await bus.publish(topic, [...events(bad, 3), ...events(good, 3)]);
  await waitFor(() => deliveries.filter(({ key }) => key === good).length === 6, { what: "the other key's events" });
  await waitFor(async () => (await bus.lag(topic, group)) === 6, { what: "the held key's events to wait" });
  expect(deliveries.filter(({ key }) => key === bad)).toHaveLength(1);
});

test("the tries of an event are counted over restarts, and what waits behind it still comes after it", async () => {
  const key = newId();
  const policy = { tries: 3, firstPauseMs: 400, longestPauseMs: 400 };
  const answer = ({ event }: Delivery): Outcome =>
    "task" in event.data && event.data.task.version === 1 ? later : done;
  const first = await consume(answer, { policy });
  await first.bus.publish(topic, events(key, 4));
  await waitFor(async () => (await first.bus.lag(topic, group)) === 4 && first.deliveries.length > 0, {
    what: "a try",
  });
  await first.bus.stop();
  const second = await consume(answer, { policy });
  await waitFor(async () => (await second.bus.lag(topic, group)) === 0, { what: "no lag" });
  expect(await second.bus.deadLetters()).toMatchObject([{ tries: 3, reason: "later" }]);
  const attempts = [...first.deliveries, ...second.deliveries].map(({ attempt }) => attempt);
  expect(attempts).toEqual([1, 2, 3, 1, 1, 1]);
});

test("a consumer in the publisher's process is woken at once, whatever the polling", async () => {
  const { bus, deliveries } = await consume(() => done, { pollMs: 60_000 });
  await bus.publish(topic, events(newId(), 1));
  await waitFor(() => deliveries.length === 1, { what: "the first event" });
  const began = performance.now();
  await bus.publish(topic, events(newId(), 1));
  await waitFor(() => deliveries.length === 2, { what: "the second event", everyMs: 1 });
  expect(performance.now() - began).toBeLessThan(250);
});

test("a publisher that commits late is waited for: no reader sees a later event of the topic first", async () => {
  const { bus, deliveries } = await consume(() => done);
  const [slow, fast] = neighbours();
  const row = { partition: partitionOf(slow), key: slow, event: taskEvent("task.created.v1", { workspace_id: slow }) };
  let publishing: Promise<unknown> | undefined;
  await database.db.transaction(async (tx) => {
    await appendToLog(tx, topic, [row]);
    publishing = bus.publish(topic, events(fast, 1));
    const waits = () => database.sql`select 1 from pg_locks where locktype = 'advisory' and not granted`;
    await waitFor(async () => (await waits()).length > 0, { what: "the other publisher to wait" });
    expect(deliveries).toEqual([]);
  });
  await publishing;
  await waitFor(() => deliveries.length === 2, { what: "both events" });
  expect(deliveries.map(({ key }) => key)).toEqual([slow, fast]);
});

test("a process that lost its group settles nothing any more", async () => {
  const share = { topic, group, partition: 0 } as const;
  const { sql } = database;
  expect(await readCursor(sql, share)).toBe(0);
  expect(await moveCursor(sql, share, 0, 10)).toBe(true);
  expect(await moveCursor(sql, share, 0, 20)).toBe(false);
  const failed = { key: "k", event: {}, tries: 1, reason: "r", first_failed_at: null, pause_ms: 0 };
  expect(await settleBatch(sql, share, 0, 20, { parked: [failed], dead: [failed] })).toBe(false);
  expect(await readCursor(sql, share)).toBe(10);
  const [left] = await sql`select (select count(*) from bus.parked) + (select count(*) from bus.dead_letter) as left`;
  expect(left).toEqual({ left: 0 });
});

test("events are kept as long as they should and no longer, and a group that was behind goes on with the rest", async () => {
  const publisher = open();
  const key = newId();
  await publisher.publish(topic, events(key, 5));
  await database.sql`update bus.event set published_at = published_at - interval '8 days' where id <= 3`;
  const dayMs = 86_400_000;
  expect(await trimLog(database.sql, 9 * dayMs)).toBe(0);
  expect(await trimLog(database.sql, 7 * dayMs)).toBe(3);
  const { deliveries } = await consume(() => done);
  await waitFor(() => deliveries.length === 2, { what: "the events that are left" });
});

test("a long backlog of old events is trimmed in pieces", async () => {
  await database.sql`
    insert into bus.event (topic, partition, key, event, published_at)
    select ${topic}, 1, 'k', '{}', now() - interval '8 days' from generate_series(1, 4500)`;
  expect(await trimLog(database.sql, 7 * 86_400_000)).toBe(4_500);
});

test("large events come in smaller batches", async () => {
  const key = newId();
  const noise = () => Buffer.from(crypto.getRandomValues(new Uint8Array(30_000))).toString("base64");
  const large = Array.from({ length: 40 }, () =>
    taskEvent("task.updated.v1", { workspace_id: key, task: { notes: noise() } }),
  );
  await open().publish(topic, large);
  const first = await readLog(database.sql, topic, partitionOf(key), 0, 100);
  expect(first.length).toBeLessThan(35);
  const { deliveries } = await consume(() => done);
  await waitFor(() => deliveries.length === 40, { what: "all of them" });
});

test("connections that the server ends in the middle of a batch cost no event and no order", async () => {
  const wire = connect({ url: database.url, name: "consumer", max: 5, statementTimeoutMs: 1_000 });
  closers.push(wire.close);
  const { deliveries } = await consume(() => done, { db: wire, batchSize: 10 });
  const key = newId();
  const publisher = open();
  for (let round = 1; round <= 3; round += 1) {
    await publisher.publish(topic, events(key, 100));
    await waitFor(() => deliveries.length > (round - 1) * 100 + 20, { what: "some of them" });
    await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = ${database.name} and application_name = 'consumer'`;
  }
  const distinct = () => [...new Set(deliveries.map(({ event }) => event.id))];
  await waitFor(() => distinct().length === 300, { what: "all of them" });
  const published = await readLog(database.sql, topic, partitionOf(key), 0, 1_000);
  const ids = published.map(({ event }) => (event instanceof Object && "id" in event ? event.id : undefined));
  expect<unknown[]>(distinct()).toEqual(ids);
});

test("dead letters that another process replays are noticed", async () => {
  let healed = false;
  const { bus, deliveries } = await consume(() => (healed ? done : { kind: "drop", reason: "not healed" }));
  await bus.publish(topic, events(newId(), 2));
  await waitFor(async () => (await bus.deadLetters()).length === 2, { what: "the dead letters" });
  healed = true;
  const operator = open();
  expect(await operator.replay((await operator.deadLetters()).map(({ id }) => id))).toBe(2);
  await waitFor(() => deliveries.length === 4, { what: "the replayed events" });
});

test("what happens is counted by topic and group", async () => {
  const metrics = createMetrics();
  const policy = { tries: 2, firstPauseMs: 1, longestPauseMs: 1 };
  const versions: Record<number, Outcome> = { 1: later, 2: { kind: "drop", reason: "no use" } };
  const { bus } = await consume(
    ({ event }) => ("task" in event.data ? versions[event.data.task.version] : undefined) ?? done,
    { metrics, policy },
  );
  await bus.publish(topic, events(newId(), 4));
  await waitFor(async () => (await bus.deadLetters()).length === 2 && (await bus.lag(topic, group)) === 0, {
    what: "the end",
  });
  const text = await metrics.render();
  const labels = `topic="${topic}",group="${group}"`;
  for (const line of [
    `rondo_bus_deliveries_total{${labels},outcome="drop"} 1`,
    `rondo_bus_retries_total{${labels}} 1`,
    `rondo_bus_dead_letters_total{${labels}} 2`,
    `rondo_bus_lag{${labels}} `,
  ]) {
    expect(text).toContain(line);
  }
});

test("an event that comes alone is handled in the trace of the request that caused it", async () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const traces: (string | undefined)[] = [];
  const { bus } = await consume(() => {
    traces.push(currentTraceparent());
    return done;
  });
  await bus.publish(topic, [taskEvent("task.created.v1", { traceparent })]);
  await waitFor(() => traces.length === 1, { what: "the event" });
  expect(traces[0]).toContain("0af7651916cd43dd8448eb211c80319c");
});

test("a group has one handler in a process", () => {
  const bus = open();
  const subscription: Subscription = { topic, group, handle: async () => [] };
  bus.subscribe(subscription);
  expect(() => bus.subscribe(subscription)).toThrow("already has a handler");
  bus.subscribe({ ...subscription, group: "another" });
});
