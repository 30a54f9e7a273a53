import { connect } from "@rondo/db";
import { createMetrics } from "@rondo/telemetry";
import { createTestDatabase, type DatabaseProxy, databaseProxy } from "@rondo/testing";
import { createLocalScheduler, schedulerMigrations } from "./index.ts";
import { schedulerSemantics } from "./semantics.ts";

/** Each process has its own pool behind its own wire, so that it can be cut off alone. */
schedulerSemantics("PostgreSQL", {
  makeEngine: async (backoff) => {
    const database = await createTestDatabase({ schemas: [schedulerMigrations] });
    const processes = new Set<DatabaseProxy>();
    return {
      open: async () => {
        const proxy = await databaseProxy(database.url);
        const db = connect({ url: proxy.url, name: "scheduler process", max: 5, statementTimeoutMs: 1_000 });
        processes.add(proxy);
        return {
          scheduler: createLocalScheduler({ db, metrics: createMetrics(), backoff, pollMs: 100 }),
          ready: async () => undefined,
          kill: async () => {
            processes.delete(proxy);
            proxy.cut();
          },
          close: async () => {
            processes.delete(proxy);
            await db.close();
            await proxy.close();
          },
        };
      },
      interrupt: async (how) => {
        for (const process of processes) how === "kill" ? process.cut() : process.freeze();
        return async () => {
          for (const process of processes) await process.heal();
        };
      },
      close: () => database.close(),
    };
  },
});
