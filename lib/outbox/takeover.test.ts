import { expect, test } from "bun:test";
import { createLocalBus, done, eachInOrder } from "@rondo/bus";
import { connect } from "@rondo/db";
import { createMetrics } from "@rondo/telemetry";
import { databaseProxy, newId, waitFor } from "@rondo/testing";
import { takeNew } from "./inbox.ts";
import { append, eventsOf, schema, scriptedBus, workDatabase } from "./outbox.fixture.ts";
import { createRelay } from "./relay.ts";

async function relayBehindWire(url: string, bus = scriptedBus()) {
  const wire = await databaseProxy(url);
  const db = connect({ url: wire.url, name: "relay", max: 4, statementTimeoutMs: 1_000 });
  const relay = createRelay({ db, schema, bus: bus.bus, metrics: createMetrics(), pollMs: 10, batchSize: 10 });
  const close = async () => {
    await relay.stop();
    await db.close();
    await wire.close();
  };
  return { relay, wire, bus, close };
}

test.each(["cut", "freeze"] as const)(
  "one relay is active, and another takes over within 10 s when its wire is lost (%s)",
  async (how) => {
    await using database = await workDatabase();
    const [first, second] = [await relayBehindWire(database.url), await relayBehindWire(database.url)];
    first.relay.start();
    const key = newId();
    const [one, two, ...rest] = eventsOf(key, 2);
    if (one === undefined || two === undefined) throw new Error(`${rest.length} events`);
    await append(database.sql, one);
    await waitFor(() => first.bus.published.length === 2, { what: "the first relay to be active" });
    second.relay.start();
    await append(database.sql, two);
    await waitFor(() => first.bus.published.length === 4, { what: "the first relay to stay active" });
    expect(second.bus.published).toEqual([]);
    first.wire[how]();
    const three = eventsOf(key, 3).slice(2);
    await append(database.sql, ...three);
    await waitFor(() => second.bus.published.length > 0, { what: "the takeover" });
    await first.wire.heal();
    await Promise.all([first.close(), second.close()]);
  },
  60_000,
);

test("a relay cut off at random moments loses no event and doubles no effect, in order for each key", async () => {
  await using database = await workDatabase();
  const metrics = createMetrics();
  const consumer = createLocalBus({ db: database.db, metrics, pollMs: 10 });
  const effects = new Map<string, number[]>();
  consumer.subscribe({
    topic: "task-events",
    types: ["*"],
    group: "effects",
    handle: eachInOrder(async ({ event, key }) => {
      const fresh = await takeNew(database.sql, schema, "effects", [event.id]);
      if (fresh.size === 1 && "task" in event.data) {
        effects.set(key, [...(effects.get(key) ?? []), event.data.task.version]);
      }
      return done;
    }),
  });
  await consumer.start();
  const keys = Array.from({ length: 4 }, newId);
  const wires: { cut(): void; heal(): Promise<void> }[] = [];
  const closing: (() => Promise<void>)[] = [];
  for (let count = 0; count < 2; count += 1) {
    const wire = await databaseProxy(database.url);
    const db = connect({ url: wire.url, name: "relay", max: 4, statementTimeoutMs: 1_000 });
    const bus = createLocalBus({ db, metrics: createMetrics() });
    const relay = createRelay({ db, schema, bus, metrics: createMetrics(), pollMs: 10, batchSize: 10 });
    relay.start();
    wires.push(wire);
    closing.push(async () => {
      await relay.stop();
      await db.close();
      await wire.close();
    });
  }
  const perKey = 400;
  const writing = Promise.all(
    keys.map(async (key) => {
      for (const event of eventsOf(key, perKey)) await append(database.sql, event);
    }),
  );
  const count = () => [...effects.values()].flat().length;
  for (let round = 0; round < 6; round += 1) {
    const before = count();
    await waitFor(() => count() > before + round * 7, { what: "some effects", everyMs: 1 });
    for (const wire of wires) {
      wire.cut();
      await wire.heal();
    }
  }
  await writing;
  for (const key of keys) {
    await waitFor(() => effects.get(key)?.length === perKey, { what: "all effects" });
    expect(effects.get(key)).toEqual(Array.from({ length: perKey }, (_, index) => index + 1));
  }
  await Promise.all(closing.map((close) => close()));
  await consumer.stop();
});
