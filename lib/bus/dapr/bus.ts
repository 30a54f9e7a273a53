import { pause } from "@rondo/coordination";
import type { Database } from "@rondo/db";
import type { Sidecar } from "@rondo/sidecar";
import { getLog, type Metrics } from "@rondo/telemetry";
import { Hono } from "hono";
import { type ConsumerTiming, createConsumer } from "../consumer.ts";
import { createBusMetrics } from "../metrics.ts";
import type { Bus, Subscription } from "../port.ts";
import { createDeadLetterWriter } from "./dead_letter_writer.ts";
import { answerTo, type Call, type Entry, readCall } from "./envelope.ts";
import { DaprGroup } from "./group.ts";
import { laneOf } from "./lane.ts";
import { Listener } from "./listener.ts";
import { publish } from "./publisher.ts";
import type { Sender } from "./send.ts";
import { WarmUpGate } from "./warm_up_gate.ts";

export interface DaprBusOptions extends ConsumerTiming {
  readonly sidecar: Sidecar;
  readonly metrics: Metrics;
  /** Where what fails is parked, with the schema of `busMigrations`; who subscribes needs one. */
  readonly db?: Database | undefined;
  /** The component through which events are published; `events`. */
  readonly pubsub?: string;
  /** The component whose consumer group is the given one; `pubsub`. A component serves one group. */
  readonly pubsubOf?: (group: string) => string;
  /** The component whose consumer group is this process's own; `broadcast`. */
  readonly broadcastPubsub?: string;
  /** How long one call to publish may take; 30,000. A broker that hangs and comes back still answers it, so a longer one means fewer repetitions. */
  readonly publishTimeoutMs?: number;
  /** How long a call of the sidecar may wait for its answer: less than the sidecar waits, and than a connection may be silent; 15,000. */
  readonly answerWithinMs?: number;
  /** How often to look for parked events that another process left behind, or could not read; 5,000. */
  readonly parkedPollMs?: number;
  /** How long `start` waits for the sidecar, and then for the first sound of a broadcast; 5,000. */
  readonly startWithinMs?: number;
}

export interface DaprBus extends Bus {
  /** `POST /events/<topic>`: where the sidecar brings events. To be mounted behind `sidecarOnly`, and to be listening at `start`. */
  readonly routes: Hono;
  /** Whether `stop` was called: an app that is unwell then lets its sidecar give the partitions to another process. */
  readonly stopped: () => boolean;
}

const readyEveryMs = 100;

/** The engine of many machines: Kafka, through the sidecar (daprd) beside this process. What fails is parked in PostgreSQL. */
export function createDaprBus(options: DaprBusOptions): DaprBus {
  const { sidecar, pubsub = "events", pubsubOf = () => pubsub, broadcastPubsub = "broadcast" } = options;
  const { publishTimeoutMs = 30_000, answerWithinMs = 15_000, startWithinMs = 5_000 } = options;
  const { parkedPollMs = 5_000 } = options;
  const log = getLog("bus");
  const sender: Sender = { sidecar, log, timeoutMs: publishTimeoutMs, warmUp: new WarmUpGate() };
  const groups: DaprGroup[] = [];
  const metrics = createBusMetrics(options.metrics, groups);
  const listeners: Listener[] = [];
  const closing = new AbortController();
  const calls = new Set<Promise<unknown>>();
  let started = false;

  return {
    publish: (topic, events) => publish(sender, pubsub, topic, events),
    lane: laneOf,
    subscribe: (subscription) => {
      groups.push(groupOf(subscription));
    },
    broadcast: (broadcast) => {
      const { topic } = broadcast;
      const known = listeners.find((listener) => listener.topic === topic);
      const listener = known ?? new Listener(broadcastPubsub, topic, log);
      if (known === undefined) listeners.push(listener);
      listener.add(broadcast);
    },
    start: async () => {
      started = true;
      await untilReady();
      for (const group of groups) group.start(closing.signal);
      const listening = Promise.all(listeners.map((listener) => listener.listen(sender, closing.signal)));
      await Promise.race([listening, pause(startWithinMs, closing.signal)]);
    },
    stop: async () => {
      closing.abort();
      await Promise.all([...calls, ...groups.map((group) => group.idle())]);
    },
    stopped: () => closing.signal.aborted,
    routes: new Hono().post("/events/:topic", async (c) => {
      const call = readCall(await c.req.json().catch(() => undefined), c.req.raw.headers);
      if (call === undefined) {
        log.error("the sidecar brought something else than records; is the subscription one with rawPayload?");
        return c.text("This is no call of a subscription with rawPayload.", 400);
      }
      const working = take(c.req.param("topic"), call, c.req.raw.signal);
      calls.add(working);
      const settled = await working.finally(() => calls.delete(working));
      // Not 404: the sidecar takes that for a yes.
      return settled === undefined ? c.text("Nobody here consumes this.", 503) : c.json(answerTo(call, settled));
    }),
  };

  function groupOf(subscription: Subscription): DaprGroup {
    const { topic, group } = subscription;
    const component = pubsubOf(group);
    if (groups.some((other) => other.topic === topic && other.pubsub === component))
      throw new Error(`${topic} already has a handler in this process for the component ${component}.`);
    const { db } = options;
    if (db === undefined) throw new Error("A subscription needs a database, where what fails is parked.");
    const consumer = createConsumer({ ...options, subscription, databaseReady: db.ready, metrics, log });
    const writeDeadLetters = createDeadLetterWriter(sender, component, topic, group);
    return new DaprGroup({ pubsub: component, sql: db.sql, consumer, writeDeadLetters, parkedPollMs });
  }

  /** The entries that are settled; undefined when the call is for nobody here. */
  async function take(topic: string, call: Call, caller: AbortSignal): Promise<ReadonlySet<Entry> | undefined> {
    const isFor = (one: { topic: string; pubsub: string }) => one.topic === topic && one.pubsub === call.pubsub;
    const listener = listeners.find(isFor);
    const group = groups.find(isFor);
    if (listener !== undefined) {
      listener.hear(call.entries);
      return new Set(call.entries);
    }
    if (group === undefined) {
      log.error("the sidecar brought events that nobody here consumes", { topic, pubsub: call.pubsub });
      return undefined;
    }
    if (!started) return new Set();
    return await group.take(
      call.entries,
      AbortSignal.any([caller, AbortSignal.timeout(answerWithinMs)]),
      closing.signal,
    );
  }

  async function untilReady(): Promise<void> {
    const late = AbortSignal.any([closing.signal, AbortSignal.timeout(startWithinMs)]);
    while (!late.aborted) {
      try {
        return await sidecar.outbound();
      } catch (error) {
        await pause(readyEveryMs, late);
        if (late.aborted) log.warn("the sidecar is not ready; the bus starts without it", { error });
      }
    }
  }
}
