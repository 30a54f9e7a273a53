/** What the tests of the engine in PostgreSQL share: a database for each test, and processes on it that end with it. */
import { afterEach, beforeEach } from "bun:test";
import type { CloudEvent } from "@rondo/event";
import { taskEvent } from "@rondo/event/testing";
import { createMetrics } from "@rondo/telemetry";
import { createTestDatabase, newId, type TestDatabase } from "@rondo/testing";
import { busMigrations, createLocalBus, eachInOrder } from "./index.ts";
import type { LocalBusOptions } from "./local/bus.ts";
import { partitionOf } from "./partition.ts";
import type { Bus, BusAdmin, Delivery, Outcome, Subscription } from "./port.ts";

export const topic = "task-events";
export const group = "group";
export const later: Outcome = { result: "failed", reason: "later" };

let current: TestDatabase | undefined;
let closers: (() => Promise<unknown>)[] = [];

/** To be called once in a test file. */
export function freshDatabases(): void {
  beforeEach(async () => {
    current = await createTestDatabase({ schemas: [busMigrations], max: 8 });
    closers = [];
  });
  afterEach(async () => {
    for (const close of closers.toReversed()) await close();
    await current?.close();
  });
}

export function database(): TestDatabase {
  if (current === undefined) throw new Error("freshDatabases() comes first");
  return current;
}

export function atEnd(close: () => Promise<unknown>): void {
  closers.push(close);
}

export function open(options: Partial<LocalBusOptions> = {}): Bus & BusAdmin {
  const bus = createLocalBus({ db: database().db, metrics: createMetrics(), pollMs: 20, ...options });
  atEnd(bus.stop);
  return bus;
}

export async function consume(
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
  bus.subscribe({ topic, group, types: ["*"], batchSize, handle });
  await bus.start();
  return { bus, deliveries };
}

/** Two keys of one partition. */
export function neighbours(): [string, string] {
  const first = newId();
  let second = newId();
  while (partitionOf(second) !== partitionOf(first)) second = newId();
  return [first, second];
}

/** Events of one key with the versions 1, 2 … */
export function events(key: string, count: number): CloudEvent[] {
  return Array.from({ length: count }, (_, index) =>
    taskEvent("task.updated.v1", { workspace_id: key, task: { version: index + 1 } }),
  );
}
