/** What the tests of this folder share: a sidecar that remembers what it was told to publish, and calls like those of a real one. */
import { afterAll, afterEach, beforeAll } from "bun:test";
import type { CloudEvent } from "@rondo/event";
import { taskEvent } from "@rondo/event/testing";
import type { Sidecar } from "@rondo/sidecar";
import { createMetrics } from "@rondo/telemetry";
import { createTestDatabase, newId, type TestDatabase } from "@rondo/testing";
import { busMigrations } from "../migrations.ts";
import { countParked } from "../parked/queries.ts";
import type { DataSubscription, Delivery, DeliveryPolicy, Outcome } from "../port.ts";
import { done } from "../port.ts";
import { createDaprBus, type DaprBus, type DaprBusOptions } from "./bus.ts";

export interface Sent {
  readonly pubsub: string;
  readonly topic: string;
  readonly entries: readonly {
    event: string;
    entryId: string;
    contentType: string;
    metadata: Record<string, string>;
  }[];
}

/** Acknowledges everything unless `answer` says something else. */
export function scriptedSidecar(answer: (sent: Sent) => Response | Promise<Response> | undefined = () => undefined) {
  const calls: Sent[] = [];
  const sidecar: Sidecar = {
    url: "http://sidecar",
    request: async (path, init) => {
      const [, pubsub = "", topic = ""] = /\/bulk\/([^/]+)\/([^/?]+)/.exec(path) ?? [];
      const sent: Sent = { pubsub, topic, entries: JSON.parse(String(init?.body)) };
      calls.push(sent);
      return (await answer(sent)) ?? new Response(null, { status: 204 });
    },
    secrets: async () => ({}),
    outbound: async () => undefined,
  };
  return {
    sidecar,
    calls,
    to: (topic: string) => calls.filter((call) => call.topic === topic).flatMap((call) => call.entries),
  };
}

const buses: DaprBus[] = [];
let made: TestDatabase | undefined;

/** To be called once in a test file: the buses of a test end with it, and the database with the file. */
export function freshBuses(): void {
  beforeAll(async () => {
    made = await createTestDatabase({ schemas: [busMigrations], max: 8 });
  });
  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.stop()));
  });
  afterAll(() => made?.close());
}

export function database(): TestDatabase {
  if (made === undefined) throw new Error("freshBuses() comes first");
  return made;
}

export const topic = "task-events";
export const [a, b, c] = [newId(), newId(), newId()];
export const policy: DeliveryPolicy = { tries: 3, firstPauseMs: 5, longestPauseMs: 10, timeoutMs: 1_000 };

export interface Rec {
  readonly key: string;
  readonly offset: number;
  readonly text: string;
}

/** Records of events of one key, at consecutive offsets. */
export function records(key: string, count: number, offset = 0): Rec[] {
  return eventsOf(key, count).map((event, index) => ({ key, offset: offset + index, text: JSON.stringify(event) }));
}

export function eventsOf(key: string, count: number): CloudEvent[] {
  return Array.from({ length: count }, (_, index) =>
    taskEvent("task.updated.v1", { workspace_id: key, task: { version: index + 1 } }),
  );
}

/** A bus with a group of its own, which is stopped when the test ends. */
export async function openBus(options: Partial<DaprBusOptions> & { subscription?: Partial<DataSubscription> } = {}) {
  const { subscription, ...rest } = options;
  const group = `group-${newId()}`;
  const { db } = database();
  const base = { sidecar: scriptedSidecar().sidecar, db, metrics: createMetrics(), policy, probeEveryMs: 10 };
  const bus = createDaprBus({ ...base, ...rest });
  const handle = subscription?.handle;
  if (handle !== undefined) bus.subscribe({ topic, group, types: ["*"], ...subscription, handle });
  await bus.start();
  buses.push(bus);
  /** As the sidecar does. @returns the status of each record, or the status of the answer when it is not 200 */
  const bring = async (
    those: readonly Rec[],
    more: { partition?: number; pubsub?: string; signal?: AbortSignal } = {},
  ) => {
    const answer = await bus.routes.request(`/events/${topic}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(bulk(those, more.partition, more.pubsub)),
      ...(more.signal === undefined ? {} : { signal: more.signal }),
    });
    if (answer.status !== 200) return answer.status;
    const { statuses }: { statuses: { status: string }[] } = JSON.parse(await answer.text());
    return statuses.map(({ status }) => status);
  };
  /** How many events are parked. */
  const parked = () => countParked(db.sql, topic, group);
  return { bus, bring, group, parked };
}

export function bulk(those: readonly Rec[], partition = 0, pubsub = "events"): object {
  const entries = those.map(({ key, offset, text }, index) => ({
    entryId: String(index),
    event: Buffer.from(text).toString("base64"),
    contentType: "application/octet-stream",
    metadata: {
      __key: key,
      __offset: String(offset),
      __partition: String(partition),
      __topic: topic,
      rawPayload: "true",
    },
  }));
  return {
    id: "",
    pubsubname: pubsub,
    topic,
    type: "com.dapr.event.sent.bulk",
    metadata: { pubsubName: pubsub },
    entries,
  };
}

export const later: Outcome = { result: "failed", reason: "later" };
export const ok = (count: number): string[] => Array.from({ length: count }, () => "SUCCESS");
export const versionOf = ({ event }: Delivery): number => ("task" in event.data ? event.data.task.version : 0);

/** A handler that remembers, and answers one by one as told. */
export function remembering(answer: (delivery: Delivery) => Outcome | Promise<Outcome> = () => done) {
  const seen: Delivery[] = [];
  const batches: number[] = [];
  const handle = async (deliveries: readonly Delivery[]) => {
    batches.push(deliveries.length);
    seen.push(...deliveries);
    const outcomes: Outcome[] = [];
    for (const delivery of deliveries) outcomes.push(await answer(delivery));
    return outcomes;
  };
  const of = (key: string) => seen.filter((delivery) => delivery.key === key).map(versionOf);
  return { seen, batches, handle, of };
}
