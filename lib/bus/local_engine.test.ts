/** What the engine in PostgreSQL promises beyond the semantics of every engine. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { connect } from "@rondo/db";
import { taskEvent } from "@rondo/event/testing";
import { createMetrics, currentTraceparent } from "@rondo/telemetry";
import { newId, waitFor } from "@rondo/testing";
import { readLog } from "./local/log_queries.ts";
import {
  atEnd,
  consume,
  database,
  events,
  freshDatabases,
  group,
  later,
  neighbours,
  open,
  topic,
} from "./local.fixture.ts";
import { partitionOf } from "./partition.ts";
import { type Delivery, done, type Outcome, type Subscription } from "./port.ts";

setDefaultTimeout(30_000);
freshDatabases();

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

test("connections that the server ends in the middle of a batch cost no event and no order", async () => {
  const wire = connect({ url: database().url, name: "consumer", max: 5, statementTimeoutMs: 1_000 });
  atEnd(wire.close);
  const { deliveries } = await consume(() => done, { db: wire, batchSize: 10 });
  const key = newId();
  const publisher = open();
  for (let round = 1; round <= 3; round += 1) {
    await publisher.publish(topic, events(key, 100));
    await waitFor(() => deliveries.length > (round - 1) * 100 + 20, { what: "some of them" });
    await database().sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = ${database().name} and application_name = 'consumer'`;
  }
  const distinct = () => [...new Set(deliveries.map(({ event }) => event.id))];
  await waitFor(() => distinct().length === 300, { what: "all of them" });
  const published = await readLog(database().sql, topic, partitionOf(key), 0, 1_000);
  const ids = published.map(({ event }) => (event instanceof Object && "id" in event ? event.id : undefined));
  expect<unknown[]>(distinct()).toEqual(ids);
});

test("dead letters that another process replays are noticed", async () => {
  let healed = false;
  const { bus, deliveries } = await consume(() => (healed ? done : { result: "refused", reason: "not healed" }));
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
  const versions: Record<number, Outcome> = { 1: later, 2: { result: "refused", reason: "no use" } };
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
    `rondo_bus_deliveries_total{${labels},outcome="refused"} 1`,
    `rondo_bus_retries_total{${labels}} 1`,
    `rondo_bus_dead_letters_total{${labels}} 2`,
    `rondo_bus_lag{${labels}} 0`,
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

test("while batches are consumed, parked events are tried slowly, so that those that fail for ever slow down nobody else", async () => {
  const bad = Array.from({ length: 20 }, newId);
  const tried: number[] = [];
  const release = Promise.withResolvers<void>();
  const { bus, deliveries } = await consume(
    async ({ key, attempt }) => {
      if (!bad.includes(key)) await release.promise;
      if (!bad.includes(key)) return done;
      if (attempt > 1) tried.push(performance.now());
      return later;
    },
    { policy: { tries: 1_000, firstPauseMs: 1, longestPauseMs: 1 }, batchSize: 100 },
  );
  const good = newId();
  // In a batch of their own: one that they shared would not end, and they would not be parked, while the other event is handled.
  await bus.publish(
    topic,
    bad.flatMap((key) => events(key, 1)),
  );
  await waitFor(() => tried.length >= bad.length, { what: "all of them to be parked" });
  await bus.publish(topic, events(good, 1));
  await waitFor(() => deliveries.some(({ key }) => key === good), { what: "a batch to be under way" });
  // The first of them may have begun before. 20 more, one each 50 ms, and late ones may come close together.
  const first = tried.length + 2;
  await waitFor(() => tried.length > first + 20, { what: "some tries" });
  expect((tried[first + 20] ?? 0) - (tried[first] ?? 0)).toBeGreaterThan(500);
  release.resolve();
});

test("a group has one handler in a process", () => {
  const bus = open();
  const subscription: Subscription = { topic, group, types: ["*"], handle: async () => [] };
  bus.subscribe(subscription);
  expect(() => bus.subscribe(subscription)).toThrow("already has a handler");
  bus.subscribe({ ...subscription, group: "another" });
});
