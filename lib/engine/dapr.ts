import { busMigrations, createDaprBus } from "@rondo/bus";
import { invocationFetch, resilient } from "@rondo/client";
import { migrate } from "@rondo/db";
import { createDaprScheduler, schedulerMigrations } from "@rondo/scheduler";
import { createSidecar } from "@rondo/sidecar";
import type { Hono } from "hono";
import type { EngineOptions } from "./open.ts";
import { createParts } from "./parts.ts";
import type { Engine } from "./port.ts";
import { besideApp, sidecarRoutes } from "./routes.ts";
import { createSidecarDrain } from "./sidecar_drain.ts";

/** The app-id of the tier that speaks to browsers: it knows the client's address, and no other program does. */
const webAppId = "web";

/** Events over Kafka, jobs in Dapr's scheduler, calls by app-id: all through the sidecar beside this process. */
export function openDaprEngine({ config, metrics, callTimeoutMs, called = false }: EngineOptions): Engine {
  const { sidecarUrl, daprToken, appToken } = config;
  const sidecar = createSidecar({ url: sidecarUrl, token: daprToken });
  const transport = invocationFetch({ sidecar });
  const parts = createParts();
  const consumers: Hono[] = [];
  const drain = createSidecarDrain(sidecar);
  return {
    transport: resilient(transport, { metrics, ...(callTimeoutMs && { timeoutMs: callTimeoutMs }) }),
    sidecar: appToken === undefined ? undefined : { token: appToken, believed: [webAppId] },
    ready: { engine: parts.ready, sidecar: sidecar.outbound },
    async openBus(db) {
      if (db !== undefined) await migrate(db.sql, busMigrations);
      const bus = parts.add(createDaprBus({ sidecar, metrics, db }));
      consumers.push(bus.routes);
      return bus;
    },
    async openScheduler(db) {
      await migrate(db.sql, schedulerMigrations);
      const scheduler = parts.add(createDaprScheduler({ sidecar, db, metrics, appToken }));
      consumers.push(scheduler.routes);
      return scheduler;
    },
    mount: (app) => besideApp(app, sidecarRoutes(appToken, consumers, drain.isHealthy)),
    start: parts.start,
    deliveries: [parts.stop],
    leave: called ? drain.start : async () => undefined,
    stop: parts.stop,
  };
}
