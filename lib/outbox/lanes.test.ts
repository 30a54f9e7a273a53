/** One topic, one partition or one key that is stuck holds back nobody else. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import type { Bus, PublishOutcome } from "@rondo/bus";
import type { AnyEvent } from "@rondo/event";
import { createMetrics } from "@rondo/telemetry";
import { newId, type TestDatabase, waitFor } from "@rondo/testing";
import { outboxState } from "./operator_queries.ts";
import { append, eventsOf, schema, workDatabase } from "./outbox.fixture.ts";
import { createRelay, type Relay } from "./relay.ts";

let database: TestDatabase;
let relays: Relay[];
beforeEach(async () => {
  database = await workDatabase();
  relays = [];
});
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  await database.close();
});

type Fate = PublishOutcome | "hangs";

/** An engine with two partitions, by the key's last character, that does to each event what it is told. */
class Engine {
  readonly published: {
    readonly topic: string;
    readonly id: string;
    readonly key: string;
    readonly version: number;
  }[] = [];
  fate: (topic: string, event: AnyEvent) => Fate = () => "acknowledged";
  readonly #hanging: (() => void)[] = [];

  readonly bus: Bus = {
    publish: async (topic, events) => {
      const fates = events.map((event) => this.fate(topic, event));
      if (fates.includes("hangs")) await new Promise<void>((resolve) => this.#hanging.push(resolve));
      return events.map((event, index) => {
        const fate = fates[index];
        if (fate === "acknowledged") this.#take(topic, event);
        return fate === undefined || fate === "hangs" ? "unknown" : fate;
      });
    },
    lane: partitionOf,
    subscribe: () => undefined,
    broadcast: () => undefined,
    start: async () => undefined,
    stop: async () => undefined,
  };

  #take(topic: string, { id, workspaceid: key, data }: AnyEvent): void {
    const version = "task" in data && data.task instanceof Object && "version" in data.task ? data.task.version : 0;
    this.published.push({ topic, id, key, version: Number(version) });
  }

  /** What hung is answered with unknown, and everything works again. */
  heal(): void {
    this.fate = () => "acknowledged";
    for (const resolve of this.#hanging.splice(0)) resolve();
  }

  versionsOf(topic: string, key: string): number[] {
    return this.published.filter((one) => one.topic === topic && one.key === key).map(({ version }) => version);
  }
}

function partitionOf(key: string): number {
  return Number.parseInt(key.slice(-1), 16) % 2;
}

function keyOn(partition: number): string {
  for (;;) {
    const key = newId();
    if (partitionOf(key) === partition) return key;
  }
}

function relayTo(engine: Engine, batchSize = 50): Relay {
  const relay = createRelay({
    db: database.db,
    schema,
    bus: engine.bus,
    metrics: createMetrics(),
    pollMs: 20,
    batchSize,
  });
  relay.start();
  relays.push(relay);
  return relay;
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const empty = () =>
  waitFor(async () => (await outboxState(database.sql, schema)).depth === 0, { what: "an empty outbox" });

/** More than one call takes, and more than one read. */
const many = 1_200;

async function appendMany(key: string, count: number): Promise<void> {
  const events = eventsOf(key, count);
  await database.db.transaction((tx) => append(tx, ...events));
}

test.each<[string, Fate]>([
  ["refuses to answer", "hangs"],
  ["takes nothing", "unknown"],
])(
  "a topic that %s holds back no other topic, however much of it waits, and gets it all in order afterwards",
  async (_, fate) => {
    const engine = new Engine();
    engine.fate = (topic) => (topic === "task-updates" ? fate : "acknowledged");
    const key = newId();
    await appendMany(key, many);
    relayTo(engine);
    await waitFor(() => engine.versionsOf("task-events", key).length === many, {
      what: "the events of the other topic",
    });
    const later = newId();
    await append(database.sql, ...eventsOf(later, 3));
    await waitFor(() => engine.versionsOf("task-events", later).length === 3, { what: "what was appended since" });
    expect(engine.published.some(({ topic }) => topic === "task-updates")).toBe(false);
    engine.heal();
    await empty();
    const signals = engine.published.filter(({ topic }) => topic === "task-updates");
    expect(signals).toHaveLength(many + 3);
    expect(engine.versionsOf("task-events", key)).toEqual(upTo(many));
    expect(engine.versionsOf("task-events", later)).toEqual([1, 2, 3]);
  },
);

test.each<[string, Fate]>([
  ["hangs", "hangs"],
  ["has no leader", "unknown"],
])("a partition that %s holds back no other partition", async (_, fate) => {
  const engine = new Engine();
  const [stuck, free] = [keyOn(0), keyOn(1)];
  engine.fate = (_topic, { workspaceid }) => (partitionOf(workspaceid) === 0 ? fate : "acknowledged");
  await appendMany(stuck, many);
  await appendMany(free, 10);
  relayTo(engine);
  await waitFor(() => engine.versionsOf("task-events", free).length === 10, { what: "the other partition's events" });
  expect(engine.versionsOf("task-events", stuck)).toEqual([]);
  engine.heal();
  await empty();
  expect(engine.versionsOf("task-events", stuck)).toEqual(upTo(many));
});

test("a key whose event is not taken holds back no other key of its partition, and keeps its own order", async () => {
  const engine = new Engine();
  const [stuck, free] = [keyOn(0), keyOn(0)];
  engine.fate = (_topic, { workspaceid }) => (workspaceid === stuck ? "unknown" : "acknowledged");
  await appendMany(stuck, 300);
  await appendMany(free, 300);
  relayTo(engine);
  await waitFor(() => engine.versionsOf("task-events", free).length === 300, { what: "the other key's events" });
  await append(database.sql, ...eventsOf(free, 302).slice(300));
  await waitFor(() => engine.versionsOf("task-events", free).length === 302, { what: "what it had later" });
  engine.heal();
  await empty();
  expect(engine.versionsOf("task-events", stuck)).toEqual(upTo(300));
  expect(engine.versionsOf("task-events", free)).toEqual(upTo(302));
});

test("an event that is refused is set aside and holds back nobody, its own key neither", async () => {
  const engine = new Engine();
  const key = newId();
  const events = eventsOf(key, 3);
  engine.fate = (_topic, { id }) => (id === events[1]?.id ? "refused" : "acknowledged");
  await append(database.sql, ...events);
  relayTo(engine);
  await empty();
  expect(engine.versionsOf("task-events", key)).toEqual([1, 3]);
  expect(await outboxState(database.sql, schema)).toMatchObject({ depth: 0, refused: 1 });
});

test("what a topic has acknowledged while another was stuck is not published to it again by the relay that takes over", async () => {
  const engine = new Engine();
  engine.fate = (topic) => (topic === "task-updates" ? "unknown" : "acknowledged");
  const key = newId();
  await appendMany(key, 100);
  const first = relayTo(engine);
  const written = () => database.sql`select 1 from work.outbox where topics <> '{task-updates}'`;
  await waitFor(async () => (await written()).length === 0, { what: "the acknowledgements to be written down" });
  await first.stop();
  engine.heal();
  relayTo(engine);
  await empty();
  expect(engine.versionsOf("task-events", key)).toEqual(upTo(100));
  expect(engine.versionsOf("task-updates", key)).toHaveLength(100);
});
