import "@rondo/config/heap";
import { runMain } from "@rondo/config";
import { connect, migrate } from "@rondo/db";
import { openEngine } from "@rondo/engine";
import { adminApp, runUntilSignal, serve } from "@rondo/http";
import { authenticatorThrough } from "@rondo/identity";
import { createMetrics, getLog, setupLogging, setupTracing } from "@rondo/telemetry";
import { createApp } from "./app.ts";
import { scheduleAuditChores } from "./chores.ts";
import { auditConfig } from "./config.ts";
import { auditSubscription } from "./entry/record.ts";
import { auditMigrations } from "./migrations.ts";

const program = { name: "rondo-audit", description: "The audit trail: every change, for ever." };

/** Connections of the bus, the consumer and the chores: never taken from those that answer requests. */
const backgroundPool = 6;

await runMain(program, auditConfig, process.env, process.argv.slice(2), async (config) => {
  const service = config.traceService ?? "audit";
  setupLogging({ service, level: config.logLevel, format: config.logFormat });
  const tracing = setupTracing({ endpoint: config.traceEndpoint, service });
  const metrics = createMetrics();
  const { databaseUrl: url } = config;
  const db = connect({ url, max: config.databasePool, name: program.name, metrics });
  const background = connect({ url, max: backgroundPool, name: `${program.name}-background`, metrics });
  await migrate(db.sql, auditMigrations);

  const engine = openEngine({ config, metrics, called: true, callTimeoutMs: 3_000 });
  const bus = await engine.openBus(background);
  bus.subscribe(auditSubscription({ db: background, newId: () => Bun.randomUUIDv7() }));
  scheduleAuditChores(await engine.openScheduler(background), { sql: background.sql, clock: () => new Date() });
  const { origin, requestsPerMinute, trustedProxies } = config;
  const authenticate = authenticatorThrough((request) => engine.transport("api", request), origin);
  const { sidecar } = engine;
  const app = createApp({ db, authenticate, metrics, origin, requestsPerMinute, trustedProxies, sidecar });
  const running = serve({
    app: engine.mount(app),
    host: config.host,
    port: config.port,
    adminApp: adminApp({ ready: { postgresql: db.ready, ...engine.ready }, metrics }),
    adminPort: config.adminPort,
    drain: {
      leave: engine.leave,
      deliveries: engine.deliveries,
      consumers: [engine.stop],
      pools: [db.close, background.close, tracing.shutdown],
    },
  });
  await engine.start();
  getLog("audit").info("listening", { url: running.url });
  await runUntilSignal(running.stop);
});
