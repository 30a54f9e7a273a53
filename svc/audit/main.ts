import "@rondo/config/heap";
import { busMigrations, createLocalBus } from "@rondo/bus";
import { httpFetch, resilient } from "@rondo/client";
import { type ConfigOf, runMain } from "@rondo/config";
import { connect, migrate } from "@rondo/db";
import { adminApp, runUntilSignal, serve } from "@rondo/http";
import { authenticatorThrough } from "@rondo/identity";
import { createMetrics, getLog, type Metrics, setupLogging, setupTracing } from "@rondo/telemetry";
import { createApp } from "./app.ts";
import { auditConfig } from "./config.ts";
import { auditSubscription } from "./entry/record.ts";
import { auditMigrations } from "./migrations.ts";
import { keepAuditTrimmed } from "./trim.ts";

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
  for (const migrations of [auditMigrations, busMigrations]) await migrate(db.sql, migrations);

  const bus = createLocalBus({ db: background, metrics });
  bus.subscribe(auditSubscription({ db: background, newId: () => Bun.randomUUIDv7() }));
  const { origin, requestsPerMinute, trustedProxies } = config;
  const authenticate = authenticatorOf(config, metrics);
  const app = createApp({ db, authenticate, metrics, origin, requestsPerMinute, trustedProxies });
  await bus.start();
  const stopTrimming = keepAuditTrimmed(background);
  const running = serve({
    app,
    host: config.host,
    port: config.port,
    adminApp: adminApp({ ready: { postgresql: db.ready }, metrics }),
    adminPort: config.adminPort,
    drain: { consumers: [bus.stop, stopTrimming], pools: [db.close, background.close, tracing.shutdown] },
  });
  getLog("audit").info("listening", { url: running.url });
  await runUntilSignal(running.stop);
});

function authenticatorOf({ apiUrl, origin }: ConfigOf<typeof auditConfig>, metrics: Metrics) {
  const transport = resilient(httpFetch({ api: apiUrl, audit: apiUrl }), { metrics, timeoutMs: 3_000 });
  return authenticatorThrough((request) => transport("api", request), origin);
}
