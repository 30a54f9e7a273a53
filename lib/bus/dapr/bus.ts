import { pause } from "@rondo/coordination";
import type { Sidecar } from "@rondo/sidecar";
import { getLog, type Metrics } from "@rondo/telemetry";
import { Hono } from "hono";
import { createBusMetrics } from "../metrics.ts";
import { defaultPolicy } from "../policy.ts";
import type { Bus, DeliveryPolicy } from "../port.ts";
import { createDeadLetterWriter } from "./dead_letter_writer.ts";
import { answerTo, type Call, type Entry, readCall } from "./envelope.ts";
import { DaprGroup } from "./group.ts";
import { laneOf } from "./lane.ts";
import { Listener } from "./listener.ts";
import { publish } from "./publisher.ts";
import type { Sender } from "./send.ts";
import { WarmUpGate } from "./warm_up_gate.ts";

export interface DaprBusOptions {
  readonly sidecar: Sidecar;
  readonly metrics: Metrics;
  /** The component through which events are published; `events`. */
  readonly pubsub?: string;
  /** The component whose consumer group is the given one; `pubsub`. A component serves one group. */
  readonly pubsubOf?: (group: string) => string;
  /** The component whose consumer group is this process's own; `broadcast`. */
  readonly broadcastPubsub?: string;
  /** For subscriptions that say nothing else. */
  readonly policy?: Partial<DeliveryPolicy>;
  /** How long one call to publish may take; 30,000. A broker that hangs and comes back still answers it, so a longer one means fewer repetitions. */
  readonly publishTimeoutMs?: number;
  /** How long a call of the sidecar may wait for its answer: less than the sidecar waits, and than a connection may be silent; 15,000. */
  readonly answerWithinMs?: number;
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

/** The engine of many machines: Kafka, through the sidecar (daprd) beside this process. What fails is tried again here, by the policy. */
export function createDaprBus(options: DaprBusOptions): DaprBus {
  const { sidecar, pubsub = "events", pubsubOf = () => pubsub, broadcastPubsub = "broadcast" } = options;
  const { publishTimeoutMs = 30_000, answerWithinMs = 15_000, startWithinMs = 5_000 } = options;
  const log = getLog("bus");
  const metrics = createBusMetrics(options.metrics);
  const sender: Sender = { sidecar, log, timeoutMs: publishTimeoutMs, warmUp: new WarmUpGate() };
  const groups: DaprGroup[] = [];
  const listeners: Listener[] = [];
  const closing = new AbortController();
  const calls = new Set<Promise<unknown>>();
  let started = false;

  return {
    publish: (topic, events) => publish(sender, pubsub, topic, events),
    lane: laneOf,
    subscribe: (subscription) => {
      const { topic, group } = subscription;
      const component = pubsubOf(group);
      if (groups.some((other) => other.topic === topic && other.pubsub === component))
        throw new Error(`${topic} already has a handler in this process for the component ${component}.`);
      const policy = { ...defaultPolicy, ...options.policy, ...subscription.policy };
      const consumer = { subscription, batchSize: subscription.batchSize ?? 100, policy, metrics, log };
      groups.push(new DaprGroup(component, consumer, createDeadLetterWriter(sender, component, topic, group)));
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
