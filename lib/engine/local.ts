import { busMigrations, createLocalBus, trimLog } from "@rondo/bus";
import { httpFetch, resilient } from "@rondo/client";
import { migrate } from "@rondo/db";
import { serviceTokenHeader } from "@rondo/http";
import { createLocalScheduler, schedulerMigrations } from "@rondo/scheduler";
import type { EngineOptions } from "./open.ts";
import { createParts } from "./parts.ts";
import type { Engine } from "./port.ts";

/** Events and jobs in PostgreSQL, calls over HTTP: for one machine, or a few processes. */
export function openLocalEngine({ config, metrics, callTimeoutMs }: EngineOptions): Engine {
  const parts = createParts();
  const { apiUrl, auditUrl, serviceToken } = config;
  const shown = serviceToken === undefined ? {} : { [serviceTokenHeader]: serviceToken };
  const transport = httpFetch({ api: apiUrl, audit: auditUrl }, shown);
  return {
    transport: resilient(transport, { metrics, ...(callTimeoutMs && { timeoutMs: callTimeoutMs }) }),
    sidecar: undefined,
    ready: { engine: parts.ready },
    async openBus(db) {
      if (db === undefined) throw new Error("The local engine keeps events in PostgreSQL: it needs a database.");
      await migrate(db.sql, busMigrations);
      return parts.add(createLocalBus({ db, metrics }));
    },
    async openScheduler(db) {
      await migrate(db.sql, schedulerMigrations);
      const scheduler = parts.add(createLocalScheduler({ db, metrics }));
      scheduler.every("bus-trim", 3_600_000, () => trimLog(db.sql));
      return scheduler;
    },
    mount: (app) => app,
    start: parts.start,
    deliveries: [],
    leave: async () => undefined,
    stop: parts.stop,
  };
}
