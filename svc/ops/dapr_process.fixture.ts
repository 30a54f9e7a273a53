/** A process beside a real sidecar: an app with a bus, and the resources of a deployment. */
import { type Bus, type BusAdmin, type ConsumerTiming, countParked, createDaprBus, type DaprBus } from "@rondo/bus";
import type { BusProcess } from "@rondo/bus/semantics";
import { connect } from "@rondo/db";
import type { Topic } from "@rondo/event";
import { freePort, startSidecar, writeResources } from "@rondo/scripts/engine";
import { createSidecar, sidecarOnly } from "@rondo/sidecar";
import { createMetrics } from "@rondo/telemetry";
import { type DatabaseProxy, databaseProxy } from "@rondo/testing";
import { Hono } from "hono";
import { resourcesFor } from "./dapr_resources.fixture.ts";

/** Of all components of a deployment only the one through which events are published is used as it is, and it is the api's. */
const appId = "api";
const tokens = { dapr: "a token for the sidecar", app: "a token for the app" };

export interface AppOptions extends ConsumerTiming {
  /** How long the sidecar waits for an answer, in Dapr's form; as in a deployment unless told. */
  readonly inboundTimeout: string;
}

interface ProcessOptions extends Partial<AppOptions> {
  readonly folder: string;
  readonly brokers: string;
  readonly admin: BusAdmin;
  readonly databaseUrl: string;
}

export interface DaprProcess extends BusProcess {
  /** The wire to the database in which this process parks events. */
  readonly database: DatabaseProxy;
  /** How often the sidecar has called the app. */
  calls(): number;
  /** Ends the app alone, as `kill -9` does, and starts another one at its port, with what `subscribe` tells its bus. */
  restartApp(subscribe: (bus: Bus) => void): Promise<void>;
}

/** An app with its bus and, from its first use on, a sidecar that knows what the app subscribed to. */
export async function openProcess({
  folder,
  brokers,
  admin,
  databaseUrl,
  inboundTimeout,
  ...options
}: ProcessOptions): Promise<DaprProcess> {
  const groups: { topic: Topic; group: string }[] = [];
  const broadcasts = new Set<Topic>();
  const wire = await databaseProxy(databaseUrl);
  const db = connect({ url: wire.url, name: "bus process", max: 8, statementTimeoutMs: 1_000 });
  const httpPort = freePort();
  const sidecar = createSidecar({ url: `http://127.0.0.1:${httpPort}`, token: tokens.dapr });
  const app = () =>
    startApp(
      createDaprBus({
        sidecar,
        db,
        metrics: createMetrics(),
        pubsubOf: (group) => group,
        parkedPollMs: 200,
        ...options,
      }),
      port,
    );
  const port = freePort();
  let { bus, server, calls } = app();
  let beside: ReturnType<typeof startBeside> | undefined;
  const startBeside = () =>
    startSidecar({
      appId,
      appPort: port,
      resources: writeResources(folder, resourcesFor(appId, groups, [...broadcasts], inboundTimeout)),
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
    lag: async (topic, group) => (await admin.lag(topic, group)) + (await countParked(db.sql, topic, group)),
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
    },
    stop: () => bus.stop(),
  };
  return {
    bus: whole,
    database: wire,
    calls: () => calls(),
    restartApp: async (subscribe) => {
      await server.stop(true);
      ({ bus, server, calls } = app());
      subscribe(bus);
      await bus.start();
    },
    kill: async () => {
      wire.cut();
      await Promise.all([beside?.then((child) => child.kill()), server.stop(true)]);
    },
    close: async () => {
      await beside?.then((child) => child.stop());
      await server.stop(true);
      await db.close();
      await wire.close();
    },
  };
}

/** Once its bus was stopped the app is unwell, so that its sidecar lets go of the partitions. */
function startApp(bus: DaprBus, port: number) {
  let count = 0;
  const app = new Hono()
    .get("/healthz", (c) => c.body(null, bus.stopped() ? 503 : 204))
    .use("/events/*", sidecarOnly(tokens.app))
    .use("/events/*", async (_, next) => {
      count += 1;
      await next();
    })
    .route("/", bus.routes);
  const server = Bun.serve({ hostname: "127.0.0.1", port, idleTimeout: 30, fetch: app.fetch });
  return { bus, server, calls: () => count };
}
