/** A real scheduler, and processes beside real sidecars, each cut off from everything when it is killed. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { connect } from "@rondo/db";
import { freePort, type SidecarProcess, startScheduler, startSidecar, writeResources } from "@rondo/scripts/engine";
import { createSidecar, type Sidecar } from "@rondo/sidecar";
import { createMetrics, type Metrics } from "@rondo/telemetry";
import { createTestDatabase, databaseProxy, temporaryFolder, waitFor } from "@rondo/testing";
import { createDaprScheduler, type DaprSchedulerOptions, schedulerMigrations } from "./index.ts";
import type { Backoff } from "./port.ts";
import type { EngineUnderTest, SchedulerProcess } from "./semantics.ts";

export const tokens = { dapr: "shown-to-the-sidecar", app: "shown-to-the-app" };

export interface DaprProcess extends SchedulerProcess {
  readonly metrics: Metrics;
  readonly sidecar: Sidecar;
  /** Kills its sidecar. Answers how to start it again. */
  killSidecar(): Promise<() => Promise<void>>;
}

export interface DaprEngine extends EngineUnderTest {
  open(app: string, more?: Partial<DaprSchedulerOptions>): Promise<DaprProcess>;
}

export async function startDaprEngine(backoff: Backoff): Promise<DaprEngine> {
  const folder = temporaryFolder("jobs");
  const resources = writeResources(folder);
  // Jobs need no component, and so no Kafka.
  for (const name of readdirSync(resources.folder)) rmSync(join(resources.folder, name));
  const startJobs = () => startScheduler({ folder: join(folder, "scheduler") });
  const database = await createTestDatabase({ schemas: [schedulerMigrations] });
  let scheduler = await startJobs();
  let opened = 0;

  async function open(appId: string, more: Partial<DaprSchedulerOptions> = {}): Promise<DaprProcess> {
    opened += 1;
    const own = join(folder, `process-${opened}`);
    const proxy = await databaseProxy(database.url);
    const db = connect({ url: proxy.url, name: "scheduler process", max: 5, statementTimeoutMs: 1_000 });
    const httpPort = freePort();
    const calls = createSidecar({ url: `http://127.0.0.1:${httpPort}`, token: tokens.dapr });
    const metrics = createMetrics();
    const process = createDaprScheduler({ sidecar: calls, db, metrics, appToken: tokens.app, backoff, ...more });
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      routes: { "/healthz": new Response("ok") },
      fetch: (request) => process.routes.fetch(request),
    });
    const start = () =>
      startSidecar({
        appId,
        appPort: server.port ?? 0,
        httpPort,
        resources,
        brokers: "127.0.0.1:1",
        scheduler: scheduler.address,
        tokens,
        folder: own,
      });
    let sidecar: SidecarProcess = await start();
    const ready = async () => {
      const healthy = async () => (await calls.request("/v1.0/healthz")).ok;
      await waitFor(healthy, { what: "the sidecar to be healthy" });
    };
    let ended: Promise<void> | undefined;
    const end = async () => {
      proxy.cut();
      await Promise.all([sidecar.kill(), server.stop(true)]);
      await db.close();
      await proxy.close();
    };
    return {
      scheduler: process,
      metrics,
      sidecar: calls,
      ready,
      kill: async () => {
        proxy.cut();
        await Promise.all([sidecar.kill(), server.stop(true)]);
      },
      killSidecar: async () => {
        await sidecar.kill();
        return async () => {
          sidecar = await start();
          await ready();
        };
      },
      close: async () => {
        ended ??= end();
        await ended;
      },
    };
  }

  return {
    open,
    interrupt: async (how) => {
      await scheduler[how]();
      return async () => {
        scheduler = await startJobs();
      };
    },
    close: async () => {
      await scheduler.kill();
      await database.close();
    },
  };
}
