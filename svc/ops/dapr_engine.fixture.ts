/** The real engine for the suite of `@rondo/bus`: one Kafka, and for each process a sidecar with the resources of a deployment. */
import { join } from "node:path";
import { type Bus, type BusAdmin, createDaprBus, type DeliveryPolicy } from "@rondo/bus";
import type { BusProcess, EngineUnderTest } from "@rondo/bus/semantics";
import { type Topic, topics } from "@rondo/event";
import { createSidecar, sidecarOnly } from "@rondo/sidecar";
import { createMetrics } from "@rondo/telemetry";
import { temporaryFolder } from "@rondo/testing";
import { freePort, startKafka, startSidecar, writeResources } from "@rondo/toolchain/engine";
import { Hono } from "hono";
import { resourcesFor } from "./dapr_resources.fixture.ts";
import { createKafkaAdmin } from "./kafka/admin.ts";
import { openKafka } from "./kafka/connect.ts";
import { bySidecarsHash } from "./kafka/partition.ts";
import { createTopics } from "./kafka/topics.ts";
import { wantedTopics } from "./topics/plan.ts";

/** Of all components of a deployment only the one through which events are published is used as it is, and it is the api's. */
const appId = "api";
const tokens = { dapr: "a token for the sidecar", app: "a token for the app" };

export async function startDaprEngine(policy: DeliveryPolicy): Promise<EngineUnderTest> {
  const folder = temporaryFolder("dapr");
  let kafka = await startKafka({ folder: join(folder, "kafka") });
  const { brokers } = kafka;
  const open = await openKafka({ brokers: [brokers], auth: "none", tls: false });
  await createTopics(open.admin, wantedTopics, undefined);
  const admin = createKafkaAdmin(open, topics);
  const producer = open.kafka.producer({ createPartitioner: bySidecarsHash });
  await producer.connect();
  let count = 0;

  return {
    open: async () => openProcess({ folder: join(folder, `process-${count++}`), brokers, policy, admin }),
    inject: async (topic, key, value) => {
      await producer.send({ topic, messages: [{ key, value: JSON.stringify(value) }] });
    },
    interrupt: async () => {
      await kafka.kill();
      return async () => {
        kafka = await startKafka({ folder: join(folder, "kafka") });
      };
    },
    close: async () => {
      await producer.disconnect();
      await open.close();
      await kafka.stop();
    },
  };
}

interface ProcessOptions {
  readonly folder: string;
  readonly brokers: string;
  readonly policy: DeliveryPolicy;
  readonly admin: BusAdmin;
}

/** An app with its bus and, from its first use on, a sidecar that knows what the app subscribed to. */
async function openProcess({ folder, brokers, policy, admin }: ProcessOptions): Promise<BusProcess> {
  const groups: { topic: Topic; group: string }[] = [];
  const broadcasts = new Set<Topic>();
  let started = false;
  const httpPort = freePort();
  const sidecar = createSidecar({ url: `http://127.0.0.1:${httpPort}`, token: tokens.dapr });
  const bus = createDaprBus({ sidecar, metrics: createMetrics(), policy, pubsubOf: (group) => group });
  const app = new Hono()
    .get("/healthz", (c) => c.body(null, bus.takes() || !started ? 204 : 503))
    .use("/events/*", sidecarOnly(tokens.app))
    .route("/", bus.routes);
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 30, fetch: app.fetch });
  let beside: ReturnType<typeof startBeside> | undefined;
  const startBeside = () =>
    startSidecar({
      appId,
      appPort: server.port ?? 0,
      resources: writeResources(folder, resourcesFor(appId, groups, [...broadcasts])),
      brokers,
      tokens,
      folder,
      httpPort,
      podName: crypto.randomUUID(),
    });
  const withSidecar = async () => {
    beside ??= startBeside();
    await beside;
  };
  const whole: Bus & BusAdmin = {
    ...admin,
    publish: async (topic, events) => {
      await withSidecar();
      return await bus.publish(topic, events);
    },
    subscribe: (subscription) => {
      groups.push(subscription);
      bus.subscribe(subscription);
    },
    broadcast: (broadcast) => {
      broadcasts.add(broadcast.topic);
      bus.broadcast(broadcast);
    },
    start: async () => {
      await withSidecar();
      await bus.start();
      started = true;
    },
    stop: bus.stop,
  };
  return {
    bus: whole,
    kill: async () => {
      await Promise.all([beside?.then((child) => child.kill()), server.stop(true)]);
    },
    close: async () => {
      await beside?.then((child) => child.stop());
      await server.stop(true);
    },
  };
}
