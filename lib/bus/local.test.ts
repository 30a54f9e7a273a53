import { connect } from "@rondo/db";
import { createMetrics } from "@rondo/telemetry";
import { createTestDatabase, type DatabaseProxy, databaseProxy } from "@rondo/testing";
import { busMigrations, createLocalBus } from "./index.ts";
import { appendToLog } from "./local/log_queries.ts";
import { partitionOf } from "./partition.ts";
import { busSemantics } from "./semantics.ts";

/** Each process has its own pool behind its own wire, so that it can be cut off alone. */
busSemantics("PostgreSQL", {
  makeEngine: async (timing) => {
    const database = await createTestDatabase({ schemas: [busMigrations] });
    const processes = new Set<DatabaseProxy>();
    const interrupt = async () => {
      for (const process of processes) process.cut();
      return async () => {
        for (const process of processes) await process.heal();
      };
    };
    return {
      open: async (more) => {
        const proxy = await databaseProxy(database.url);
        const db = connect({ url: proxy.url, name: "bus process", max: 5, statementTimeoutMs: 1_000 });
        processes.add(proxy);
        const close = async () => {
          processes.delete(proxy);
          await db.close();
          await proxy.close();
        };
        const kill = async () => {
          processes.delete(proxy);
          proxy.cut();
        };
        return { bus: createLocalBus({ db, metrics: createMetrics(), pollMs: 20, ...timing, ...more }), kill, close };
      },
      inject: async (topic, key, event) => {
        await appendToLog(database.sql, topic, [{ partition: partitionOf(key), key, text: JSON.stringify(event) }]);
      },
      interrupt,
      interruptDatabase: interrupt,
      close: async () => {
        await database.close();
      },
    };
  },
});
