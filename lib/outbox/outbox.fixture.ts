/** What the tests of this folder share: a service with an outbox, and a bus that does as it is told. */
import type { Bus, PublishOutcome } from "@rondo/bus";
import { busMigrations } from "@rondo/bus";
import type { MigrationSet, Sql } from "@rondo/db";
import type { AnyEvent, CloudEvent } from "@rondo/event";
import { taskEvent } from "@rondo/event/testing";
import { createTestDatabase, type TestDatabase } from "@rondo/testing";
import { appendEvent } from "./append.ts";
import {
  destinationMigration,
  inboxMigration,
  outboxMigration,
  readingMigration,
  waitingMigration,
} from "./migration.ts";

export const schema = "work";

const thing = "create table work.thing (id integer primary key, version integer not null);";
export const workMigrations: MigrationSet = {
  schema,
  migrations: [
    { id: 1, name: "work", sql: `${outboxMigration(schema)} ${inboxMigration(schema)} ${thing}` },
    { id: 2, name: "reading", sql: readingMigration(schema) },
    { id: 3, name: "waiting", sql: waitingMigration(schema) },
    { id: 4, name: "destination", sql: destinationMigration(schema) },
  ],
};

export function workDatabase(): Promise<TestDatabase> {
  return createTestDatabase({ schemas: [workMigrations, busMigrations], max: 8 });
}

export async function append(sql: Sql, ...events: readonly CloudEvent[]): Promise<void> {
  for (const event of events) await appendEvent(sql, schema, event);
}

/** Events of one key with the versions 1, 2 … */
export function eventsOf(key: string, count: number): CloudEvent<"task.updated.v1">[] {
  return Array.from({ length: count }, (_, index) =>
    taskEvent("task.updated.v1", { workspace_id: key, task: { version: index + 1 } }),
  );
}

type Answer = (topic: string, event: AnyEvent) => PublishOutcome;

/** Remembers what was published, and answers as told. */
export function scriptedBus(answer: Answer = () => "acknowledged") {
  const published: { topic: string; event: AnyEvent; outcome: PublishOutcome }[] = [];
  const bus: Bus = {
    publish: async (topic, events) =>
      events.map((event) => {
        const outcome = answer(topic, event);
        published.push({ topic, event, outcome });
        return outcome;
      }),
    subscribe: () => undefined,
    broadcast: () => undefined,
    start: async () => undefined,
    stop: async () => undefined,
  };
  const idsOn = (topic: string) => published.filter((entry) => entry.topic === topic).map(({ event }) => event.id);
  return { bus, published, idsOn };
}
