import "@rondo/config/heap";
import { busMigrations, createLocalBus } from "@rondo/bus";
import { httpFetch, resilient } from "@rondo/client";
import { type ConfigOf, runMain } from "@rondo/config";
import { connect, migrate } from "@rondo/db";
import { adminApp, createStreams, runUntilSignal, serve } from "@rondo/http";
import { authenticatorThrough } from "@rondo/identity";
import { createMetrics, getLog, type Metrics, setupLogging, setupTracing } from "@rondo/telemetry";
import { createApp } from "./app.ts";
import { syncConfig } from "./config.ts";

const program = { name: "rondo-sync", description: "Live updates for open windows: Server-Sent Events and WebSocket." };

await runMain(program, syncConfig, process.env, process.argv.slice(2), async (config) => {
  const service = config.traceService ?? "sync";
  setupLogging({
    service,
    level: config.logLevel,
    format: config.logFormat,
  });
  const tracing = setupTracing({ endpoint: config.traceEndpoint, service });
  const metrics = createMetrics();
  const db = connect({ url: config.databaseUrl, max: config.databasePool, name: program.name, metrics });
  await migrate(db.sql, busMigrations);
  const bus = createLocalBus({ db, metrics });
  const streams = createStreams();
  const sync = createApp({
    bus,
    authenticate: authenticatorOf(config, metrics),
    streams,
    metrics,
    origin: config.origin,
    trustedProxies: config.trustedProxies,
    limits: { perUser: config.streamsPerUser, perProcess: config.streams },
  });
  await bus.start();
  const running = serve({
    app: sync.app,
    websocket: sync.websocket,
    host: config.host,
    port: config.port,
    adminApp: adminApp({ ready: { postgresql: db.ready }, metrics }),
    adminPort: config.adminPort,
    drain: { streams, consumers: [sync.stop, bus.stop], pools: [db.close, tracing.shutdown] },
  });
  getLog("sync").info("listening", { url: running.url });
  await runUntilSignal(running.stop);
});

function authenticatorOf({ apiUrl, origin }: ConfigOf<typeof syncConfig>, metrics: Metrics) {
  const transport = resilient(httpFetch({ api: apiUrl, audit: apiUrl }), { metrics, timeoutMs: 3_000 });
  return authenticatorThrough((request) => transport("api", request), origin);
}
